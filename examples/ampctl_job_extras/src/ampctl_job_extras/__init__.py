"""A command for the group ``job``, and a format for all commands."""
