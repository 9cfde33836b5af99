"""Numbers of the API: their ranges, and those that Python can't hold as they were written.

A module of its own, since what uses it is slow to import.
"""

from __future__ import annotations

from typing import ClassVar

INT64_MAX = 2**63 - 1
"""The largest id, size or count of the Admin API."""

LONGEST_REQUEST_S = 86400.0
"""The longest time limit of a request: a day. Sockets of some systems take no more than 24 days."""


class WrittenNumber(float):
    """A number of a document that keeps its text: ``1.10``, ``1E5``, ``1e400``, 5,000 digits.

    It computes and compares as the nearest float, which is infinite past the largest one.

    Args:
        text: the number as JSON has it.

    Attributes:
        exists: whether this process has ever made one. Where it has not, documents are encoded
            without looking for them: the encoder of the standard library, which is written in C,
            takes every kind of float for a plain one.
    """

    exists: ClassVar[bool] = False

    def __new__(cls, text: str) -> WrittenNumber:
        """Make the number of a text."""
        WrittenNumber.exists = True
        number = super().__new__(cls, text)
        number._text = text
        return number

    _text: str

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # a text, not a float
        """Return what a copy is made of."""
        return (self._text,)

    def __str__(self) -> str:
        """Return the number as it was written."""
        return self._text

    __repr__ = __str__
