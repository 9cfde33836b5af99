"""``plugin new``."""

from __future__ import annotations

import argparse
import contextlib
import keyword
import re
import shutil
import string
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import ampctl.plugin
from ampctl.discovery.builtin import CORE_WORDS
from ampctl.discovery.names import is_reserved
from ampctl.discovery.registry import Registry
from ampctl.errors import UsageError
from ampctl.plugin import Answer, Column, Lister, parse_path

_TEMPLATE = Path(__file__).with_name("template")
# Where a file goes in the new project, and the template that it is made of.
_FILES = {
    ".gitignore": "gitignore.in",
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

_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_ENDPOINT = re.compile(r"([a-z][a-z0-9_-]*/)*[a-z][a-z0-9_-]*")
# What tells one thing from another in documents that are known, and when something happened to it.
_MEMBERS = {"workers": ("node_id", "heartbeat_at")}
# Names that the templates import.
_USED = {*dir(ampctl.plugin), "Any", "Iterable", "Sequence", "TypedDict"}


class NewPlugin(Lister):
    """Write a new plugin: two commands, typed and tested, ready to be installed.

    It brings `NAME list` and `NAME inspect` for an endpoint of the Admin API: /workers, which
    all have, unless another is named. Its documents are said to have the members id and
    created_at; change api.py to what they have. Nothing that exists is overwritten.
    """

    columns = (Column("file", lambda path, now: str(path)),)
    examples = (
        "ampctl plugin new node",
        "ampctl plugin new dataset --endpoint datasets --folder ~/src",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare the name and the place."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "name", metavar="NAME", type=_parse_name, help="the new group, one word"
        )
        parser.add_argument(
            "--endpoint",
            type=_parse_endpoint,
            default="workers",
            metavar="PATH",
            help="what is listed, below the base URL (default: workers)",
        )
        parser.add_argument(
            "--folder", type=parse_path, default=".", metavar="PATH", help="where (default: here)"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Path]:
        """Write the files."""
        if not parsed_args.folder:
            raise UsageError("argument --folder: the value is empty")
        words = _derive_words(parsed_args.name, parsed_args.endpoint)
        _check_free(self.registry, words)
        project = Path(parsed_args.folder, words["distribution"])
        try:
            project.mkdir()
            with _remove_on_failure(project):
                written = list(_write_files(project, words))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UsageError(f"can't write {project}: {reason}") from error
        remark = f"Next: cd {project} && pip install -e '.[test]' && pytest"
        return Answer(written, remarks=[remark])


def _parse_name(text: str) -> str:
    if _NAME.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} can't be the name: it takes a letter of a-z, then a-z, 0-9, - and _"
        )
    return text


def _parse_endpoint(text: str) -> str:
    path = text.strip("/")
    if _ENDPOINT.fullmatch(path) is None or keyword.iskeyword(path.rpartition("/")[2]):
        raise argparse.ArgumentTypeError(
            f"{text!r} can't be the endpoint: it takes names of a-z, 0-9, - and _, with / between"
        )
    return path


def _check_free(registry: Registry, words: Mapping[str, str]) -> None:
    name = words["name"]
    if registry.find_group(name):
        raise UsageError(f"there is a group {name!r} already", hint=f"ampctl {name} --help")
    made = {words["singular_class"], words["plural_class"]}
    is_taken = name in CORE_WORDS or is_reserved(name) or keyword.iskeyword(name)
    if is_taken or made & _USED:
        raise UsageError(
            f"{name!r} can't be the name: it has a meaning of its own, here or in Python",
            hint="another name",
        )


@contextlib.contextmanager
def _remove_on_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _derive_words(name: str, endpoint: str) -> Mapping[str, str]:
    module = name.replace("-", "_")
    title = module.title().replace("_", "")
    segments = endpoint.split("/")
    key, time = _MEMBERS.get(endpoint, ("id", "created_at"))
    return {
        "name": name,
        "plural": f"{name}s",
        "module": module,
        "package": f"ampctl_{module}",
        "distribution": f"ampctl-{module.replace('_', '-')}",
        "singular_class": title,
        "plural_class": f"{title}s",
        "endpoint": endpoint,
        "segments": ",\n            ".join(f'"{segment}"' for segment in segments),
        "member": segments[-1].replace("-", "_"),
        "id": key,
        "time": time,
    }


def _write_files(project: Path, words: Mapping[str, str]) -> Iterable[Path]:
    for target, template in _FILES.items():
        path = project / string.Template(target).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = (_TEMPLATE / template).read_text(encoding="utf-8") if template else ""
        path.write_text(string.Template(text).substitute(words), encoding="utf-8")
        yield path
