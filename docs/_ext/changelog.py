"""The directive ``changelog``: what users see of each release, and of the next one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("added", "changed", "fixed")


def make_changelog() -> Iterator[str]:
    """Yield lines of reStructuredText: what is not released yet, and all that was."""
    fragments = ROOT / "changelog.d"
    new = {kind: sorted(fragments.glob(f"+*.{kind}.md")) for kind in KINDS}
    if any(new.values()):
        yield from ("**Not released yet**", "")
    for kind, paths in new.items():
        if paths:
            yield from (f"*{kind.capitalize()}*", "")
        for path in paths:
            yield from convert(f"- {path.read_text(encoding='utf-8').strip()}")
            yield ""
    _, _, released = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("-->\n")
    for line in released.splitlines():
        yield from convert(line)


def convert(text: str) -> Iterator[str]:
    """Yield lines of Markdown, as far as a changelog has it, as reStructuredText."""
    for line in text.splitlines():
        heading = re.match(r"(#+) (.*)", line)
        if heading:
            mark = "**" if len(heading[1]) == 2 else "*"
            yield from ("", f"{mark}{heading[2]}{mark}", "")
        else:
            line = re.sub(r"`+([^`]+)`+", r"``\1``", line)
            yield re.sub(r"\[([^]]+)\]\(([^)]+)\)", r"`\1 <\2>`__", line)


class Changelog(Directive):
    """``.. changelog::``."""

    def run(self) -> list[nodes.Node]:
        """Parse the changelog."""
        parent = nodes.Element()
        lines = StringList(list(make_changelog()), source="CHANGELOG.md")
        self.state.nested_parse(lines, 0, parent)
        return parent.children


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx what there is."""
    app.add_directive("changelog", Changelog)
    return {"parallel_read_safe": True}
