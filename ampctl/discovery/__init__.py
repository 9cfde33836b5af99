"""What is installed: command groups, their commands and formats, found without importing any."""
