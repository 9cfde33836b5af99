"""Modules whose public names are imported late: what they offer, and what type checkers see."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from ampctl import errors
from ampctl.lazy import export_lazily

MODULES = ["ampctl.client", "ampctl.plugin", "ampctl.testing"]


@pytest.mark.parametrize("module", MODULES)
def test_type_checkers_see_the_very_names_that_are_there(module: str) -> None:
    public = importlib.import_module(module)
    tree = ast.parse(Path(public.__file__ or "").read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = [
        (node.module, alias.name, alias.asname)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]

    assert sorted(name for _, name, _ in seen) == public.__all__
    for home, name, exported in seen:
        assert exported == name
        assert getattr(public, name) is getattr(importlib.import_module(home or ""), name)


@pytest.mark.parametrize("module", MODULES)
def test_nothing_else_is_public(module: str) -> None:
    public = importlib.import_module(module)

    assert dir(public) == public.__all__
    with pytest.raises(AttributeError, match=f"module '{module}' has no attribute 'Registry'"):
        _ = public.Registry


def test_plugins_are_offered_every_error_of_the_client() -> None:
    client, plugin = map(importlib.import_module, ("ampctl.client", "ampctl.plugin"))
    raised = {name for name, value in vars(errors).items() if is_offered(value)}

    assert raised <= {*client.__all__}
    assert raised <= {*plugin.__all__}


def is_offered(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, errors.ApiError)


def test_a_name_is_imported_once_and_kept() -> None:
    namespace = {"__name__": "somewhere"}
    names, find, _ = export_lazily(namespace, {"json": ("dumps", "loads")})

    assert names == ["dumps", "loads"]
    assert set(namespace) == {"__name__"}

    found = find("loads")

    assert namespace["loads"] is found
