"""What is imported is declared, what is declared is used, and each declaration has a floor."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

OURS = ("ampctl", "ampctl_job", "ampctl_sandbox", "ampctl_worker")
# The first is there for type checkers only.
BUILT_IN = {"_typeshed", *sys.stdlib_module_names}


def declared(package: str, extra: str = "") -> set[str]:
    wanted = [Requirement(text) for text in requires(package) or ()]
    return {
        one.name for one in wanted if one.marker is None or one.marker.evaluate({"extra": extra})
    }


def imported(files: list[Path]) -> set[str]:
    """Return the distributions of what ``files`` import, by their normalized names."""
    owners = packages_distributions()
    tops = {name.partition(".")[0] for path in files for name in imports_in(path)} - BUILT_IN
    # Where the sources are installed as they are, no distribution is listed as their owner.
    names = [owners.get(top, [top])[0] if top not in OURS else top for top in tops]
    return {name.lower().replace("_", "-") for name in names}


def imports_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def sources_of(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    assert spec
    assert spec.origin
    return sorted(Path(spec.origin).parent.rglob("*.py"))


@pytest.mark.parametrize("package", OURS)
def test_what_is_imported_is_declared_and_what_is_declared_is_used(package: str) -> None:
    own = [path for path in sources_of(package) if "testing" not in path.parts]

    used = imported(own) - {package.replace("_", "-")}

    assert used == declared(package)


def test_the_test_kit_imports_what_its_extra_brings() -> None:
    kit = [path for path in sources_of("ampctl") if "testing" in path.parts]

    undeclared = imported(kit) - declared("ampctl", extra="testing") - {"ampctl"}

    # The one place that looks for the sandbox skips the test where it is not installed.
    assert undeclared <= {"ampctl-sandbox"}


@pytest.mark.parametrize("package", OURS)
def test_every_requirement_has_a_floor(package: str) -> None:
    foreign = [one for one in map(Requirement, requires(package) or ()) if "ampctl" not in one.name]

    assert [str(one) for one in foreign if ">=" not in str(one.specifier)] == []
