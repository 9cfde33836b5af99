"""Text that must not be seen, such as the bearer token."""

from __future__ import annotations


class Secret:
    """A text that no representation, message or traceback shows.

    It is wrapped where it enters the process, and unwrapped only where it is sent or hidden.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def reveal(self) -> str:
        """Return the text itself; a matter of the core, and not of plugins."""
        return self._text
