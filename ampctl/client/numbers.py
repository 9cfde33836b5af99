"""Ranges of numbers, in a module of its own since what uses them is slow to import."""

INT64_MAX = 2**63 - 1
"""The largest id, size or count of the Admin API."""

LONGEST_REQUEST_S = 86400.0
"""The longest time limit of a request: a day. Sockets of some systems take no more than 24 days."""
