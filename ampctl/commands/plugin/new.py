"""``plugin new``."""

from __future__ import annotations

import argparse
import string
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ampctl.errors import UsageError
from ampctl.plugin import Lister
from ampctl.registry import RESERVED, Registry, is_word

_TEMPLATE = Path(__file__).with_name("template")
# Where a file goes in the new project, and the template that it is made of.
_FILES = {
    "pyproject.toml": "pyproject.toml.in",
    "setup.cfg": "setup.cfg.in",
    "README.md": "README.md.in",
    ".github/workflows/test.yml": "test.yml.in",
    "src/$package/__init__.py": "init.py.in",
    "src/$package/api.py": "api.py.in",
    "src/$package/list.py": "list.py.in",
    "src/$package/inspect.py": "inspect.py.in",
    "src/$package/py.typed": None,
    "tests/test_$package.py": "tests.py.in",
}


class NewPlugin(Lister):
    """Write a new plugin: two commands, typed and tested, ready to be installed.

    It brings `NAME list` and `NAME inspect` for the endpoint /NAMEs; change api.py to what you
    have. Nothing that exists is overwritten.
    """

    column_names = ("file",)
    examples = ("ampctl plugin new worker", "ampctl plugin new dataset --folder ~/src")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare the name and the place."""
        parser = super().get_parser(prog_name)
        parser.add_argument("name", metavar="NAME", type=_name, help="the new group, one word")
        parser.add_argument(
            "--folder", type=Path, default=Path(), metavar="PATH", help="where (default: here)"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Write the files."""
        _check_free(self.registry, parsed_args.name)
        words = _words(parsed_args.name)
        project = parsed_args.folder / words["distribution"]
        try:
            project.mkdir(parents=True)
            written = list(_write(project, words))
        except OSError as error:
            raise UsageError(f"can't write {project}: {error.strerror or error}") from error
        self.remarks.append(f"Next: cd {project} && pip install -e '.[test]' && pytest")
        return self.column_names, [(str(path),) for path in written]


def _name(text: str) -> str:
    if not (is_word(text) and text.isidentifier()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a word of a-z, 0-9 and _")
    return text


def _check_free(registry: Registry, name: str) -> None:
    if name in (*registry.groups(), "help"):
        raise UsageError(f"there is a group {name!r} already", hint=f"ampctl {name} --help")
    if name in RESERVED:
        raise UsageError(f"{name!r} can't be a group: ampctl needs that name itself")


def _words(name: str) -> Mapping[str, str]:
    title = name.title().replace("_", "")
    return {
        "name": name,
        "plural": f"{name}s",
        "package": f"ampctl_{name}",
        "distribution": f"ampctl-{name.replace('_', '-')}",
        "singular_class": title,
        "plural_class": f"{title}s",
    }


def _write(project: Path, words: Mapping[str, str]) -> Iterable[Path]:
    for target, template in _FILES.items():
        path = project / string.Template(target).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = (_TEMPLATE / template).read_text(encoding="utf-8") if template else ""
        path.write_text(string.Template(text).substitute(words), encoding="utf-8")
        yield path
