"""Lines of commands: how they are read, and how one is run in a session."""
