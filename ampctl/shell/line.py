"""One line of commands: words as a POSIX shell quotes them, and where the output goes.

Nothing is expanded: a variable, a back quote or a pattern is plain text. What only a shell can do
is refused by name, so that it never reaches a command as a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ampctl.errors import UsageError

_SPACE = " \t\r\n"
_OPERATORS = ("||", "&&", ">>", "2>", "|", ";", "&", "<", ">", "(", ")")
_ENDS_WORD = _SPACE + "|;&<>()"
# What a backslash takes the meaning from within double quotes.
_ESCAPED_IN_QUOTES = ("\\", '"', "$", "`", "\n")
_REFUSED = {
    "||": "a line is one command",
    "&&": "a line is one command",
    ";": "a line is one command",
    "&": "commands run one after the other",
    "<": "no command reads a file from here",
    "2>": "messages stay on standard error",
    "(": "there are no subshells",
    ")": "there are no subshells",
}


class Line(NamedTuple):
    """One command, and what is done with its output.

    Attributes:
        words: the command; none in a blank line or a comment.
        pipe: what follows ``|``, for ``/bin/sh``; None if nothing does.
        path: the file that follows ``>`` or ``>>``; None if there is none.
        appends: whether it was ``>>``.
    """

    words: tuple[str, ...] = ()
    pipe: str | None = None
    path: str | None = None
    appends: bool = False


class UnfinishedLine(UsageError):
    """The text ends within quotes or with a backslash: another line must follow."""


class _Operator(str):
    """A token that is not a word."""


def parse_line(text: str) -> Line:
    """Read one command.

    Raises:
        UnfinishedLine: the text ends too early.
        UsageError: it has something that only a shell can do, or a redirection without a file.
    """
    scanner = _Scanner(text)
    words: list[str] = []
    while (token := scanner.read_token()) is not None:
        if isinstance(token, _Operator):
            return _read_target(token, tuple(words), scanner)
        words.append(token)
    return Line(tuple(words))


def _read_target(operator: str, words: tuple[str, ...], scanner: _Scanner) -> Line:
    """Return the line whose words end with ``operator``."""
    if operator == "|":
        pipe = scanner.read_rest()
        if not words or not pipe:
            raise UsageError("| goes between two commands")
        return Line(words, pipe=pipe)
    path, more = scanner.read_token(), scanner.read_token()
    if not words or path is None or isinstance(path, _Operator) or more is not None:
        raise UsageError(f"{operator} goes between a command and one file")
    return Line(words, path=path, appends=operator == ">>")


class _Scanner:
    """Reads a text from left to right, a token at a time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read_token(self) -> str | None:
        """Return the next word or operator; None at the end or at a comment."""
        self._skip_space()
        if self._peek() in ("", "#"):
            return None
        for operator in _OPERATORS:
            if self._text.startswith(operator, self._at):
                self._at += len(operator)
                if reason := _REFUSED.get(operator):
                    raise UsageError(f"{operator!r} can't be used here: {reason}", hint="quote it")
                return _Operator(operator)
        return self._read_word()

    def read_rest(self) -> str:
        """Return all that is left, as it stands."""
        rest, self._at = self._text[self._at :].strip(), len(self._text)
        return rest

    def _skip_space(self) -> None:
        while True:
            if self._text.startswith("\\\n", self._at):
                self._at += 2
            elif self._peek() and self._peek() in _SPACE:
                self._at += 1
            else:
                return

    def _read_word(self) -> str:
        chars: list[str] = []
        while (char := self._peek()) and char not in _ENDS_WORD:
            self._at += 1
            if char == "'":
                chars += iter(self._take, "'")
            elif char == '"':
                chars += map(self._unescape, iter(self._take, '"'))
            elif char == "\\":
                chars.append(self._take().replace("\n", ""))
            else:
                chars.append(char)
        return "".join(chars)

    def _unescape(self, char: str) -> str:
        """Return what ``char``, just taken within double quotes, stands for."""
        if char == "\\" and self._peek() in _ESCAPED_IN_QUOTES:
            return self._take().replace("\n", "")
        return char

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        char = self._peek()
        if not char:
            raise UnfinishedLine("the line ends within quotes or with a backslash")
        self._at += 1
        return char


def join_lines(source: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the commands of a script, each with the number of its first line.

    A command goes on over the next line where quotes are open or a backslash ends it. Comments and
    blank lines are left out. A command that can't be read is yielded too: who runs it says so.

    Args:
        source: lines with their ends; the first has number 1.
    """
    begun, first = "", 1
    for number, text in enumerate(source, 1):
        first = first if begun else number
        begun += text.removesuffix("\n").removesuffix("\r")
        if _is_unfinished(begun):
            begun += "\n"
            continue
        yield from _pick(first, begun)
        begun = ""
    yield from _pick(first, begun)


def wants_more(text: str) -> bool:
    """Tell whether the last of the commands in ``text`` goes on in a line that is to come."""
    begun = ""
    for line in text.split("\n"):
        begun += line
        begun = f"{begun}\n" if _is_unfinished(begun) else ""
    return bool(begun)


def _is_unfinished(text: str) -> bool:
    try:
        parse_line(text)
    except UnfinishedLine:
        return True
    except UsageError:
        return False
    return False


def _pick(number: int, text: str) -> Iterator[tuple[int, str]]:
    if text.strip() and not text.lstrip().startswith("#"):
        yield number, text
