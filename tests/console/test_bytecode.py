"""Compiled files that can't be read are told as what they are."""

from __future__ import annotations

import importlib.util
import marshal
import os
import py_compile
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ampctl.commands.plugin.probe import probe
from ampctl.console.bytecode import explain_damage
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.loading import load_object
from ampctl.errors import PluginError
from ampctl.testing import invoke

HEADER = 16
Damage = Callable[[bytes], bytes]

AFTER_THE_HEADER: dict[str, Damage] = {
    "cut": lambda data: data[:-20],
    "cut after the header": lambda data: data[:HEADER],
    "overwritten": lambda data: data[:HEADER] + b"\x7f" * 100,
    "not code": lambda data: data[:HEADER] + marshal.dumps("not code"),
}
WITHIN_THE_HEADER: dict[str, Damage] = {
    "empty": lambda data: b"",
    "cut within the header": lambda data: data[:10],
    "of another Python": lambda data: b"\x16\r\r\n" + data[4:],
}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The source of a module that can be imported."""
    monkeypatch.syspath_prepend(str(tmp_path))
    # Whatever the tests run with, the compiled file is the one beside the source.
    monkeypatch.setattr(sys, "pycache_prefix", None)
    source = tmp_path / "damaged_plugin.py"
    source.write_text("class Run:\n    text = 'long enough to be cut'\n")
    yield source
    sys.modules.pop("damaged_plugin", None)


def damage(path: Path, how: Damage) -> None:
    path.write_bytes(how(path.read_bytes()))


def load_error() -> PluginError:
    with pytest.raises(PluginError) as caught:
        load_object(EntryPoint("run", "damaged_plugin:Run", "ampctl.bad"))
    return caught.value


@pytest.mark.parametrize("how", AFTER_THE_HEADER.values(), ids=AFTER_THE_HEADER)
def test_a_damaged_file_is_named_with_its_remedy(module: Path, how: Damage) -> None:
    compiled = Path(py_compile.compile(str(module), doraise=True))
    damage(compiled, how)

    error = load_error()

    assert error.message == (
        "damaged_plugin can't be loaded: "
        f"the compiled file {compiled} is damaged or made by another Python"
    )
    assert error.hint == "remove this file, Python compiles it again from its source"
    compiled.unlink()
    assert load_object(EntryPoint("run", "damaged_plugin:Run", "ampctl.bad"))


@pytest.mark.parametrize(
    "how",
    [*AFTER_THE_HEADER.values(), *WITHIN_THE_HEADER.values()],
    ids=[*AFTER_THE_HEADER, *WITHIN_THE_HEADER],
)
def test_a_damaged_file_without_a_source_must_be_installed_again(module: Path, how: Damage) -> None:
    compiled = Path(py_compile.compile(str(module), cfile=f"{module}c", doraise=True))
    module.unlink()
    damage(compiled, how)

    error = load_error()

    assert f"the compiled file {compiled} is damaged" in error.message
    assert error.hint == "reinstall what this file belongs to, for this version of Python"


@pytest.mark.parametrize(
    "source",
    [
        "raise EOFError('marshal data too short')",
        "import no_such_module",
        "raise ImportError(7)",
        "class Run(:",
        "\0",
    ],
)
def test_a_plugin_that_fails_by_itself_is_not_a_damaged_file(module: Path, source: str) -> None:
    module.write_text(source)

    assert "can't be loaded" in load_error().message
    assert "compiled file" not in load_error().message


def test_an_error_that_was_never_raised_is_not_a_damaged_file() -> None:
    assert explain_damage(EOFError("marshal data too short")) is None


def test_a_file_that_is_damaged_while_a_command_runs_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, module: Path
) -> None:
    damage(Path(py_compile.compile(str(module), doraise=True)), AFTER_THE_HEADER["cut"])

    def import_module(*_: object) -> None:
        importlib.import_module("damaged_plugin")

    monkeypatch.setattr("ampctl.commands.plugin.list.ListPlugins.take_action", import_module)
    told = invoke("plugin", "list", expect=1).stderr

    assert told.startswith(f"ampctl: the compiled file {module.parent}")
    assert "bug" not in told


def test_the_check_of_plugins_names_it_too(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    compiled = Path(py_compile.compile(str(module), doraise=True))
    damage(compiled, AFTER_THE_HEADER["cut"])

    (faults,) = probe([EntryPoint("run", "damaged_plugin:Run", "ampctl.bad")]).values()

    told = f"the compiled file {compiled} is damaged or made by another Python"
    assert faults == [("broken", told)]


@pytest.mark.measured
def test_a_damaged_file_of_ampctl_itself_is_named(tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "AMPCTL_NO_PLUGINS": "1"}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "ampctl", "--version"]
    subprocess.run(command, env=environ, check=True, capture_output=True)
    compiled = next(tmp_path.rglob(f"ampctl/main.{sys.implementation.cache_tag}.pyc"))
    damage(compiled, AFTER_THE_HEADER["cut"])

    done = subprocess.run(command, env=environ, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr.startswith(f"ampctl: the compiled file {compiled} is damaged")
    assert "remove this file" in done.stderr
    assert "Traceback" not in done.stderr
