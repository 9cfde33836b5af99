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
_QUOTES = "'\"\\"
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
        start: of a partial line, where the text of its last word, or of its path, begins.
        quote: of a partial line, what is open at its end: a quote, a backslash, or nothing.
    """

    words: tuple[str, ...] = ()
    pipe: str | None = None
    path: str | None = None
    appends: bool = False
    start: int = 0
    quote: str = ""


class UnfinishedLine(UsageError):
    """The text ends within quotes or with a backslash: another line must follow."""


class _Operator(str):
    """A token that is not a word."""


def parse_line(text: str, *, partial: bool = False) -> Line:
    """Read one command.

    Args:
        text: what was typed.
        partial: whether ``text`` ends where someone is still typing. Its last word, or its path,
            is then the one at the cursor, empty after a space; it may have an open quote. There
            are no words in a comment, and what is behind ``|`` is not looked at.

    Raises:
        UnfinishedLine: the text ends too early.
        UsageError: it has something that only a shell can do, or a redirection without a file.
    """
    scanner = _Scanner(text, partial=partial)
    words: list[str] = []
    while (token := scanner.read_token()) is not None:
        if isinstance(token, _Operator):
            read = _read_partial_target if partial else _read_target
            return read(token, tuple(words), scanner)
        words.append(token)
    if not partial:
        return Line(tuple(words))
    if not scanner.is_at_end:  # but at a comment
        return Line()
    return Line(tuple(words), start=scanner.start, quote=scanner.quote)


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


def _read_partial_target(operator: str, words: tuple[str, ...], scanner: _Scanner) -> Line:
    """Return the line whose words end with ``operator``, as far as it was typed."""
    if operator == "|":
        return Line(words, pipe=scanner.read_rest())
    path = scanner.read_token()
    if path is None or isinstance(path, _Operator) or scanner.read_token() is not None:
        raise UsageError(f"{operator} goes between a command and one file")
    return Line(words, None, path, operator == ">>", scanner.start, scanner.quote)


class _Scanner:
    """Reads a text, which may be partial, from left to right, a token at a time.

    Attributes:
        start: where the last word begins.
        quote: what is open at the end of a partial text.
    """

    def __init__(self, text: str, *, partial: bool) -> None:
        self._text = text
        self._at = 0
        self._is_partial = partial
        self._may_begin = True
        self.start = 0
        self.quote = ""

    @property
    def is_at_end(self) -> bool:
        """Whether all of the text was read."""
        return not self._peek()

    def read_token(self) -> str | None:
        """Return the next word or operator; None at the end or at a comment."""
        self._skip_space()
        if self._peek() == "#" or (self.is_at_end and not (self._is_partial and self._may_begin)):
            return None
        for operator in _OPERATORS:
            if self._text.startswith(operator, self._at):
                self._at += len(operator)
                if reason := _REFUSED.get(operator):
                    raise UsageError(f"{operator!r} can't be used here: {reason}", hint="quote it")
                self._may_begin = True
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
            self._may_begin = True

    def _read_word(self) -> str:
        self.start, self._may_begin = self._at, False
        chars: list[str] = []
        try:
            while (char := self._peek()) and char not in _ENDS_WORD:
                self._at += 1
                if char in _QUOTES:
                    self.quote = char
                    # What was read of an unfinished quote stays.
                    for taken in self._read_quoted(char):
                        chars += taken
                    self.quote = ""
                else:
                    chars.append(char)
        except UnfinishedLine:
            if not self._is_partial:
                raise
        return "".join(chars)

    def _read_quoted(self, quote: str) -> Iterator[str]:
        """Yield what follows a quote up to its end, or the one character after a backslash."""
        if quote == "\\":
            yield self._take().replace("\n", "")
            return
        for char in iter(self._take, quote):
            yield self._unescape(char) if quote == '"' else char

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
