"""The range of the API's numbers, in a module of its own since marshmallow is slow to import."""

INT64_MAX = 2**63 - 1
"""The largest id, size or count of the Admin API."""
