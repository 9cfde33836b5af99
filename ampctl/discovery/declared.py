"""What a plugin says of itself, read without running any of it.

Listing and helping must stay quick and safe whatever is installed, so nothing of a plugin is
imported for it: summaries come from the text of its modules, also from inside a zip file. Where
only compiled modules are left, docstrings are constants in them, which Python's own loader reads;
the summary of a group is then that of its distribution, since a call can't be read back from
byte code in a way that lasts.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import itertools
import re
import warnings
from collections.abc import Iterator, Sequence
from importlib.machinery import PathFinder
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.installed import read_file

if TYPE_CHECKING:
    import ast


# Each kind of damage to a module raises its own; EOFError and TypeError are those of byte code.
_UNREADABLE = (
    *(OSError, ImportError, SyntaxError, ValueError, RecursionError),
    *(MemoryError, EOFError, TypeError),
)


# What the module of nearly every group is: a docstring, imports, and one call with plain texts. A
# syntax tree takes many times as long; all that differs in anything is read from one.
_TEXT = r'"([ !#-\[\]-~]*)"'
_PLAIN_MODULE = re.compile(
    r'(?:"""[\n !#-\[\]-~]*"""\n)?(?:\n|from [a-z_.]+ import [A-Za-z_]+\n)*'
    rf"([a-z_]+) = [A-Za-z_]+\(((?:[ \n]*[a-z_]+={_TEXT}(?:,|(?=[ \n]*\))))*)[ \n]*\)[ \n]*"
)
_PLAIN_ARGUMENT = re.compile(f"([a-z_]+)={_TEXT}")


class Facts(NamedTuple):
    """What the class of a command says of itself.

    Attributes:
        summary: the first line of its docstring.
        is_deprecated: whether it is left out where commands are listed, as cliff has it.
        only_reads: whether it says that it never changes anything. What it inherits is not seen.
    """

    summary: str
    is_deprecated: bool = False
    only_reads: bool = False


def read_facts(entry_point: EntryPoint) -> Facts:
    """Return what the class that ``entry_point`` names says of itself."""
    import ast

    source = _read_source(entry_point)
    if source is None:
        return Facts(_summarize(_read_compiled_docstring(entry_point)))
    for node in _parse(source):
        if isinstance(node, ast.ClassDef) and node.name == entry_point.attr:
            said = set(map(_find_affirmed, node.body))
            # The first line has no indentation to clean, for which ast would import inspect.
            summary = _summarize(ast.get_docstring(node, clean=False))
            return Facts(summary, "deprecated" in said, "only_reads" in said)
    return Facts("")


def read_summary(entry_point: EntryPoint) -> str:
    """Return the first line of the docstring of the class that ``entry_point`` names."""
    return read_facts(entry_point).summary


def _find_affirmed(statement: ast.stmt) -> str:
    """Return the name that a statement assigns True to; empty if it does something else."""
    import ast

    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return ""
    (target, *_) = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    value = statement.value
    is_true = isinstance(value, ast.Constant) and value.value is True
    return target.id if is_true and isinstance(target, ast.Name) else ""


def _summarize(docstring: str | None) -> str:
    lines = (docstring or "").strip().splitlines()
    return lines[0].rstrip(".") if lines else ""


def read_arguments(entry_point: EntryPoint) -> dict[str, Any]:
    """Return the literal keyword arguments of the call assigned to the name in ``entry_point``.

    For ``group = CommandGroup(summary="…", api="1")`` that is the summary and the api.
    """
    source = _read_source(entry_point)
    plainly = _read_plainly(source, entry_point.attr)
    return _find_arguments(_parse(source), entry_point.attr) if plainly is None else plainly


def _read_plainly(source: bytes | str | None, name: str) -> dict[str, Any] | None:
    """Return the arguments if the module is a plain one; None if its syntax has to be looked at."""
    # Every byte becomes a character, and only those of ASCII are plain.
    text = source.decode("latin-1") if isinstance(source, bytes) else source or ""
    module = _PLAIN_MODULE.fullmatch(text)
    if module is None or module[1] != name:
        return None
    return dict(_PLAIN_ARGUMENT.findall(module[2]))


def _find_arguments(statements: Sequence[ast.stmt], name: str) -> dict[str, Any]:
    import ast

    for node in statements:
        value = getattr(node, "value", None)
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if name in names and isinstance(value, ast.Call):
            return dict(_list_literals(value))
    return {}


def _list_literals(call: ast.Call) -> Iterator[tuple[str, Any]]:
    import ast

    for keyword in call.keywords:
        with contextlib.suppress(ValueError):
            if keyword.arg:
                yield keyword.arg, ast.literal_eval(keyword.value)


# The classes of one module are asked for one after the other.
@functools.lru_cache(maxsize=1)
def _parse(source: bytes | str | None) -> Sequence[ast.stmt]:
    """Return the statements of a module; none if there is no source, or it can't be understood."""
    import ast

    # What Python would warn of is a matter for the plugin's author, not for who asks for help. The
    # filter stays: to restore those before would undo what another thread has set meanwhile.
    warnings.filterwarnings("ignore", module="<unknown>")
    try:
        return ast.parse(source or "").body
    except _UNREADABLE:
        return []


def _read_source(entry_point: EntryPoint) -> bytes | str | None:
    """Return the text of the module; None if there is none, nothing if it can't be read."""
    # Where it was installed, or below: with many plugins far faster than a search for each.
    if entry_point.dist is not None and entry_point.dist.folder:
        base = f"{entry_point.dist.folder}/{entry_point.module.replace('.', '/')}"
        for path in (f"{base}/__init__.py", f"{base}.py"):
            with contextlib.suppress(OSError):
                return read_file(path)
    try:
        loader = _find_loader(entry_point.module)
        source: str | None = loader.get_source(entry_point.module) if loader else None
    except _UNREADABLE:
        return ""
    return source


def _read_compiled_docstring(entry_point: EntryPoint) -> str | None:
    """Return the docstring of the class as its compiled body stores it, without running that."""
    import dis

    try:
        loader = _find_loader(entry_point.module)
        module = loader.get_code(entry_point.module) if loader else None
    except _UNREADABLE:
        return None
    for code in module.co_consts if module else ():
        if isinstance(code, CodeType) and code.co_name == entry_point.attr:
            steps = list(dis.get_instructions(code))
            for before, step in itertools.pairwise(steps):
                if (step.opname, step.argval) == ("STORE_NAME", "__doc__"):
                    return before.argval if isinstance(before.argval, str) else None
    return None


def _find_loader(module: str) -> Any:
    """Return what could load ``module``, or None; unlike find_spec, no parent is imported.

    It has ``get_source`` and ``get_code``, as those for files and zip files do.
    """
    name, *below = module.split(".")
    try:
        spec = importlib.util.find_spec(name)
        for part in below:
            if spec is None or spec.submodule_search_locations is None:
                return None
            name = f"{name}.{part}"
            spec = PathFinder.find_spec(name, spec.submodule_search_locations)
    except (ImportError, ValueError, AttributeError):
        return None
    loader = spec.loader if spec else None
    return loader if hasattr(loader, "get_source") and hasattr(loader, "get_code") else None
