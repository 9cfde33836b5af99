"""Pages that are made from the code at every build, so that they can't be out of date.

The command reference comes from the parsers: one page for each group, one section for each verb.
The directive ``settings`` lists the global options, ``operations`` what the Admin API offers.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from ampctl.app import AmpApp
from ampctl.discovery.builtin import CORE_WORDS
from ampctl.discovery.commands import Group, Verb
from ampctl.discovery.registry import Registry
from ampctl.session import Session
from ampctl.settings.options import SETTINGS
from ampctl.settings.parser import list_options
from ampctl.testing import fake_runtime, invoke
from ampctl_sandbox.api.openapi import make_openapi

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = Path("reference", "commands")
NOTE = ".. Made by docs/_ext/commands.py from the parsers. Changes here are lost."


def make_command_pages() -> dict[str, str]:
    """Return the text of each page of the command reference, by the name of its group.

    The groups are those that are installed; ``core`` holds the core's own commands.
    """
    pages = {name: _make_group_page(group) for name, group in Registry().groups.items()}
    return {"core": _make_core_page(), **pages}


def make_settings_table() -> Iterator[str]:
    """Yield the lines of a table of the global options."""
    yield from (".. list-table::", "   :header-rows: 1", "   :widths: 24 26 14 36", "")
    yield from _make_row("Option", "Environment", "Default", "Meaning")
    for setting in SETTINGS:
        flag = f"{setting.flag} {setting.metavar}" if setting.metavar else setting.flag
        cells = (f"``{cell}``" if cell else "" for cell in (setting.env, setting.default_text))
        yield from _make_row(f"``{flag}``", *cells, setting.help)


def make_operations_table() -> Iterator[str]:
    """Yield the lines of a table of the Admin API's operations."""
    yield from (".. list-table::", "   :header-rows: 1", "   :widths: 36 44 20", "")
    yield from _make_row("Operation", "What", "Answers")
    for path, operations in make_openapi()["paths"].items():
        for method, operation in operations.items():
            name = f"``{method.upper()} {path}``"
            yield from _make_row(name, _describe(operation), ", ".join(operation["responses"]))


def _describe(operation: dict[str, Any]) -> str:
    parameters = [
        f"``{parameter['name']}``: {parameter['description']}"
        for parameter in operation["parameters"]
        if parameter["in"] == "query"
    ]
    return ". ".join([operation["summary"], *parameters])


def _make_core_page() -> str:
    sections = [(f"ampctl {name}", f"ampctl-{name}", "", [name]) for name in CORE_WORDS]
    return _make_page("Overview", "", invoke("help").stdout, sections)


def _make_group_page(group: Group) -> str:
    name = group.name
    sections = [
        (
            f"ampctl {name} {verb.name}",
            f"{name}-{verb.name}",
            _list_aliases(verb),
            [name, verb.name],
        )
        for verb in group.verbs
    ]
    overview = invoke("help", name).stdout
    return _make_page(f"ampctl {name}", f"{group.summary}.", overview, sections)


def _make_page(
    title: str,
    summary: str,
    overview: str,
    sections: Sequence[tuple[str, str, str, Sequence[str]]],
) -> str:
    lines = [NOTE, "", *_make_heading(title, "="), summary, "", *_quote(overview)]
    for name, label, aliases, words in sections:
        lines += [f".. _{label}:", "", *_make_heading(name, "-"), aliases, ""]
        lines += _quote(invoke("help", *words).stdout)
        lines += _link_options(words)
    return "\n".join(lines)


def _link_options(words: Sequence[str]) -> Iterator[str]:
    """Yield a command's own options one by one, so that each of them has an address."""
    app = AmpApp(Session(fake_runtime()))
    options = app.read_parser(words, _read_own_options)
    if options:
        # A page of a manual has them in the help above, and no addresses.
        yield from (".. only:: html", "", f"   .. program:: ampctl {' '.join(words)}", "")
    for usage, text in options:
        yield from (f"   .. option:: {usage}", "", f"      {_escape(text)}", "")


def _read_own_options(parser: argparse.ArgumentParser) -> list[tuple[str, str]]:
    shared = getattr(parser, "last_group", None)
    of_output = {action.option_strings[0] for action in shared._group_actions} if shared else ()
    return [
        (usage, text)
        for usage, text in list_options(parser)
        if not of_output or usage.split(",")[0].split()[0] not in of_output
    ]


def _escape(text: str) -> str:
    return re.sub(r"([*`|_\\])", r"\\\1", text)


def _list_aliases(verb: Verb) -> str:
    if not verb.aliases:
        return ""
    return "Also: " + ", ".join(f"``{alias}``" for alias in verb.aliases)


def _make_heading(text: str, mark: str) -> list[str]:
    return [text, mark * len(text), ""]


def _quote(text: str) -> list[str]:
    return [".. code-block:: text", "", *(f"   {line}".rstrip() for line in text.splitlines()), ""]


def _make_row(first: str, *others: str) -> Iterator[str]:
    yield f"   * - {first}"
    for cell in others:
        yield f"     - {cell}".rstrip()


def write_pages(app: Sphinx) -> None:
    """Write the command reference below the sources; a page that did not change is kept."""
    folder = Path(app.srcdir) / FOLDER
    folder.mkdir(exist_ok=True)
    pages = {folder / f"{name}.rst": text for name, text in make_command_pages().items()}
    for stale in set(folder.glob("*.rst")) - set(pages):
        stale.unlink()
    for path, text in pages.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


class _Table(Directive):
    """A table that is made from the code."""

    make: Callable[[], Iterator[str]]

    def run(self) -> list[nodes.Node]:
        """Parse the table."""
        parent = nodes.Element()
        self.state.nested_parse(StringList(list(self.make()), source=self.name), 0, parent)
        return parent.children


class SettingsTable(_Table):
    """``.. settings::``."""

    make = staticmethod(make_settings_table)


class OperationsTable(_Table):
    """``.. operations::``."""

    make = staticmethod(make_operations_table)


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx what there is."""
    app.connect("builder-inited", write_pages)
    app.add_directive("settings", SettingsTable)
    app.add_directive("operations", OperationsTable)
    return {"parallel_read_safe": True}
