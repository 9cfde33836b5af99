"""The job commands, one module each, named after its verb."""
