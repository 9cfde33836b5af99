"""``-f yaml``: one document that YAML 1.1 and 1.2 read alike."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from types import NoneType
from typing import Any, TextIO, cast

import yaml

from ampctl.client.numbers import WrittenNumber
from ampctl.output.batches import Columns, join_between
from ampctl.output.formatter import DocumentFormatter
from ampctl.output.values import plain

# Only what starts with a letter and is none of these words is text to every reader.
_PLAIN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))


class YamlFormatter(DocumentFormatter):
    """YAML with the columns in order and without aliases or tags."""

    def write(self, document: Any, stdout: TextIO, parsed_args: argparse.Namespace) -> None:
        """Write one document."""
        # At once: PyYAML would write each word by itself.
        stdout.write(_dump(document))

    def emit_columns(
        self,
        column_names: Sequence[str],
        batches: Iterable[Columns],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write all batches when they are there: a list that breaks off would look complete."""
        texts = [_join(column_names, columns) for columns in batches]
        stdout.write("".join(texts) or _dump([]))


def _dump(document: Any) -> str:
    text: str = yaml.dump(
        # Plain values are copies: without shared objects PyYAML writes no aliases.
        plain(document),
        Dumper=_Dumper,
        default_flow_style=False,
        sort_keys=False,
        allow_unicode=True,
        width=sys.maxsize,
    )
    return text


def _join(names: Sequence[str], columns: Columns) -> str:
    """Return the rows of a batch as a list of mappings, as PyYAML writes what is not flat."""
    texts = [_write_column(column) for column in columns]
    if None in texts:
        rows = zip(*columns, strict=True)
        return _dump([dict(zip(names, row, strict=True)) for row in rows])
    keys = [_dump({name: 0}).removesuffix("0\n").replace("\n", "\n  ") for name in names]
    pieces = [f"- {keys[0]}", *(f"\n  {key}" for key in keys[1:]), "\n"]
    return join_between(pieces, cast(Sequence[Sequence[str]], texts))


def _write_column(column: Sequence[Any]) -> Sequence[str] | None:
    """Return the texts of a column; None if it holds more than texts, whole numbers and None."""
    types = set(map(type, column))
    if types == {int}:
        return list(map(str, column))
    if not types <= {str, NoneType}:
        return None
    # Most texts are there many times.
    written = {text: _write_text(text) for text in set(column)}
    return list(map(written.__getitem__, column))


def _write_text(text: str | None) -> str:
    if text is None:
        return "null"
    style = _choose_style(text)
    if style == '"':
        return _dump(text).removesuffix("\n")
    return text if style is None else "'" + text.replace("'", "''") + "'"


class _Dumper(yaml.SafeDumper):
    """Writes text so that it can only be read as text."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=_choose_style(text))

    def represent_written(self, number: WrittenNumber) -> yaml.ScalarNode:
        return self.represent_scalar(*_spell_number(str(number)))

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        # PyYAML takes marks of direction for letters; here they must be escapes, so all is.
        self.allow_unicode = text.isprintable()
        super().write_double_quoted(text, split)
        self.allow_unicode = True


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(WrittenNumber, _Dumper.represent_written)


def _spell_number(text: str) -> tuple[str, str]:
    """Return the tag and the text of a number: YAML 1.1 needs a point and the exponent's sign."""
    digits, exponent, power = text.lower().partition("e")
    if not exponent:
        return f"tag:yaml.org,2002:{'float' if '.' in digits else 'int'}", digits
    digits = digits if "." in digits else f"{digits}.0"
    sign = "" if power[0] in "+-" else "+"
    return "tag:yaml.org,2002:float", f"{digits}e{sign}{power}"


def _choose_style(text: str) -> str | None:
    """Return how to quote ``text``: not at all, or so that all stays visible."""
    if not text.isprintable():
        return '"'
    if _PLAIN_TEXT.fullmatch(text) and text.lower() not in _WORDS:
        return None
    return "'"
