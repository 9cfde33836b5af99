"""Faults that the source of a command shows, and that running it may hide."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Collection, Iterator, Sequence

Fault = tuple[str, str]

# They do nothing unless what they return is used.
_LAZY = frozenset({"walk_pages", "walk_batches", "Answer", "DocumentStream"})

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def find_faults_of_class(found: type, declared: Sequence[str] = ()) -> Iterator[Fault]:
    """Yield what is wrong in the module of a class; nothing if it has no source.

    Args:
        found: the class of a command or of a formatter.
        declared: the names of a command's columns; empty if it does not say.
    """
    module = sys.modules[found.__module__]
    try:
        tree = ast.parse(inspect.getsource(module))
    except (OSError, TypeError, SyntaxError, ValueError):
        return
    names = {one.__name__ for one in found.__mro__ if one.__module__ == found.__module__}
    yield from find_faults_of_source(tree, names, declared)


def find_faults_of_source(
    tree: ast.Module, names: Collection[str], declared: Sequence[str]
) -> Iterator[Fault]:
    """Yield what is wrong in the classes ``names`` of a module, and in its functions."""
    parts = [
        node
        for node in tree.body
        if isinstance(node, _FUNCTIONS) or (isinstance(node, ast.ClassDef) and node.name in names)
    ]
    generators = {node.name for node in _walk_functions(parts) if _yields(node)}
    for part in parts:
        for node in ast.walk(part):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                yield from _check_statement(node.value, generators)
    for node in _walk_functions(parts):
        if node.name == "take_action" and declared:
            yield from _check_columns(node, declared)


def _walk_functions(parts: Sequence[ast.AST]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for part in parts:
        yield from (node for node in ast.walk(part) if isinstance(node, _FUNCTIONS))


def _yields(function: ast.AST) -> bool:
    """Whether a function is a generator; what is defined in it does not count."""
    for node in ast.iter_child_nodes(function):
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (*_FUNCTIONS, ast.Lambda)) and _yields(node):
            return True
    return False


def _check_statement(call: ast.Call, generators: Collection[str]) -> Iterator[Fault]:
    name = ast.unparse(call.func)
    last = name.rpartition(".")[2]
    is_elsewhere = any(keyword.arg == "file" for keyword in call.keywords)
    if name in ("print", "sys.stdout.write") and not is_elsewhere:
        yield "prints", f"line {call.lineno}: {name}() goes to standard error"
    elif last in _LAZY or name == "self.client.fetch" or _is_own(name, generators):
        yield "unused call", f"line {call.lineno}: {last}() does nothing unless its result is used"


def _is_own(name: str, generators: Collection[str]) -> bool:
    return name.removeprefix("self.") in generators


def _check_columns(function: ast.AST, declared: Sequence[str]) -> Iterator[Fault]:
    """Compare the names of columns that a function returns, where they are literals."""
    for node in ast.walk(function):
        if not (isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple)):
            continue
        returned = _read_names(node.value.elts[0]) if len(node.value.elts) == 2 else None
        if returned is not None and returned != list(declared):
            yield (
                "other columns",
                f"line {node.lineno}: it returns {', '.join(returned) or 'none'},"
                f" and declares {', '.join(declared)}",
            )


def _read_names(node: ast.AST) -> list[str] | None:
    try:
        names = ast.literal_eval(node)
    except ValueError:
        return None
    is_names = isinstance(names, (tuple, list)) and all(isinstance(one, str) for one in names)
    return list(names) if is_names else None
