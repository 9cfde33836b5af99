"""Settings: options, their origins, and the parser of the command line."""
