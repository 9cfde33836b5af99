"""What a shell tells us of its line, and what it is told: a word in each line, then a directive.

The directive is ``:`` and a sum: 4 if the shell must not offer files, 2 if no space must follow.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ampctl.errors import UsageError
from ampctl.settings.completing import Candidate
from ampctl.shell.complete.engine import Completion
from ampctl.shell.line import Line, parse_line

_NO_SPACE, _NO_FILES = 2, 4
# The kind of completion in which bash only shows a list.
_LISTING = "63"
_ASSIGNMENT = re.compile(r"\w+=")
_ENDS_PART = "=:"
_SPECIAL = re.compile(r"([^\w@%+=:,./-])")
_SPECIAL_IN_QUOTES = re.compile(r"([\\\"$`])")


def read_text(text: str) -> Line:
    """Return the line that a shell hands over as it stands, up to the cursor.

    The program is left out, with the variables that are set for it. After what is not for us, such
    as a redirection that only a shell can do, a file is meant.
    """
    try:
        line = parse_line(text, partial=True)
    except UsageError:
        return Line(path="")
    words = itertools.dropwhile(_ASSIGNMENT.match, line.words)
    return line._replace(words=tuple(words)[1:])


def format_answer(lines: Iterable[str], completion: Completion) -> str:
    """Return the lines and the directive."""
    directive = (not completion.files) * _NO_FILES + (not completion.space) * _NO_SPACE
    return "".join(f"{line}\n" for line in (*lines, f":{directive}"))


def list_plainly(candidates: Iterable[Candidate]) -> Iterator[str]:
    """Yield each word, with a tab and its hint if it has one."""
    for text, hint in candidates:
        yield f"{text}\t{hint}" if hint else text


class Bash(NamedTuple):
    """What bash tells besides the line.

    Attributes:
        kind: ``COMP_TYPE``, the kind of completion.
        width: of the terminal.
        breaks: ``COMP_WORDBREAKS``, the characters at which bash ends a word.
    """

    kind: str
    width: int
    breaks: str

    def list_words(self, candidates: Sequence[Candidate], text: str) -> Iterator[str]:
        """Yield what bash puts in the place of its own word, quoted as the line is.

        Hints are added where nothing else happens than that the words are shown: anywhere else
        they would get into the line.

        Args:
            candidates: the words.
            text: the line up to the cursor.
        """
        line = parse_line(text, partial=True)
        typed = text[line.start :]
        kept = self._find_own_word(typed, line.quote)
        begun = len(parse_line(typed[:kept], partial=True).words[-1])
        words = [_quote(candidate.text[begun:], line.quote) for candidate in candidates]
        if self.kind != _LISTING or len(words) < 2:
            yield from words
            return
        longest = max(map(len, words))
        for word, candidate in zip(words, candidates, strict=True):
            hint = f"{word:<{longest}}  ({candidate.hint})" if candidate.hint else word
            # In one column, as several of them would hide most of the hints.
            yield f"{hint[: self.width - 2]:<{self.width // 2}}"

    def _find_own_word(self, typed: str, quote: str) -> int:
        """Return where the word begins that bash replaces, in the word that was typed."""
        if quote in ("'", '"'):
            opened = (at for at in range(len(typed)) if typed[at] == quote)
            is_open = (at for at in opened if not parse_line(typed[:at], partial=True).quote)
            return max(is_open) + 1
        ends = (typed.rfind(char) for char in _ENDS_PART if char in self.breaks)
        return max(ends, default=-1) + 1


def _quote(text: str, quote: str) -> str:
    if quote == '"':
        return _SPECIAL_IN_QUOTES.sub(r"\\\1", text)
    return text if quote == "'" else _SPECIAL.sub(r"\\\1", text)
