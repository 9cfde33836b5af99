"""``-f yaml``: one document that YAML 1.1 and 1.2 read alike."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, TextIO

import yaml

from ampctl.client.numbers import WrittenNumber
from ampctl.output.formatter import DocumentFormatter
from ampctl.output.values import plain

# Only what starts with a letter and is none of these words is text to every reader.
_PLAIN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))


class YamlFormatter(DocumentFormatter):
    """YAML with the columns in order and without aliases or tags."""

    def write(self, document: Any, stdout: TextIO, parsed_args: argparse.Namespace) -> None:
        """Write one document."""
        text = yaml.dump(
            # Plain values are copies: without shared objects PyYAML writes no aliases.
            plain(document),
            Dumper=_Dumper,
            default_flow_style=False,
            sort_keys=False,
            allow_unicode=True,
            width=sys.maxsize,
        )
        # At once: PyYAML would write each word by itself.
        stdout.write(text)


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
