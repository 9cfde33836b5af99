"""The commands of the group ``sandbox``, one module each."""
