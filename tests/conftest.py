"""What all tests share."""

from __future__ import annotations

import compileall
import contextlib
import importlib.util
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ampctl.testing import Api

ROOT = Path(__file__).resolve().parents[1]

# What tools keep here, and what `make docs` may build meanwhile. pytest itself compiles the tests.
NOT_OF_TESTS = {
    *(".git", ".venv", ".tox", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
    *("docs/_build", "docs/reference/commands"),
}

files_before: dict[str, tuple[int, int]] = {}


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what every process of the tests inherits."""
    # An ignored signal stays ignored in every process that is started from here: signals must
    # reach the commands under test, even if the tests run as a background job or under nohup.
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    for number, handler in usual.items():
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)
    if is_first_process(config):
        compile_sources()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Note what is in the source tree."""
    if is_first_process(session.config):
        files_before.update(files_of(ROOT))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: at the end it would leave the other processes without work."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Write no compiled files from here on: the sources and the tests are compiled now."""
    # A process that a test limits or kills must not leave half a compiled file to all others.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail if the tests changed the source tree."""
    if is_first_process(session.config) and changed_files():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what the tests changed in the source tree."""
    changed = changed_files()
    if changed:
        terminalreporter.section("changed in the source tree while the tests ran", red=True)
        for path in changed:
            terminalreporter.write_line(path)


def is_first_process(config: pytest.Config) -> bool:
    """Tell the process that was started from those that it starts to run tests side by side."""
    return not hasattr(config, "workerinput")


def compile_sources() -> None:
    """Compile our distributions, and the tools that tests import."""
    compileall.compile_dir(ROOT / "tools", quiet=2)
    for name in ("ampctl", "ampctl_job", "ampctl_sandbox", "ampctl_worker"):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        for folder in spec.submodule_search_locations or ():
            compileall.compile_dir(folder, quiet=2)


def files_of(root: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of change of each file that no tool made, and each folder as well."""
    found = {}
    for folder, folders, files in os.walk(root):
        here = Path(folder).relative_to(root)
        folders[:] = [name for name in folders if not is_of_a_tool(here / name)]
        found.update({f"{here / name}/": (0, 0) for name in folders})
        for path in (here / name for name in files if not is_made_by_a_tool(name)):
            status = (root / path).lstat()
            found[str(path)] = (status.st_size, status.st_mtime_ns)
    return found


def is_made_by_a_tool(name: str) -> bool:
    """Whether a file may come while the tests run."""
    # pytest compiles the modules of its plugins too, ours among them, while it collects.
    return name.startswith(".coverage") or ("-pytest-" in name and name.endswith(".pyc"))


def is_of_a_tool(folder: Path) -> bool:
    """Whether a folder may change while the tests run."""
    of_pytest = folder.name == "__pycache__" and folder.parts[0] == "tests"
    return of_pytest or folder.name in NOT_OF_TESTS or folder.as_posix() in NOT_OF_TESTS


def changed_files() -> list[str]:
    """Return what was added, changed or removed since the start, if it was noted."""
    if not files_before:
        return []
    return sorted({path for path, _ in files_before.items() ^ files_of(ROOT).items()})


@pytest.fixture(autouse=True)
def clean_environment(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """Let no test depend on the settings, proxies or folders of the person who runs it."""
    removed = ["AMP_", "AMPCTL_"]
    # To measure a process takes longer than many a command does: most of them run code that other
    # tests run here. It would also write files where a test watches or limits them.
    if request.node.get_closest_marker("measured") is None:
        removed.append("COVERAGE_")
    for name in list(os.environ):
        if name.startswith(tuple(removed)) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    # Output of a closed pipe or a full disk looks right by luck when Python does not buffer it.
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same in all processes that run tests side by side."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture
def api(amp_api: Api) -> Api:
    """The stub of the test kit, by a shorter name."""
    return amp_api


@pytest.fixture
def unused_url() -> Iterator[str]:
    """A URL on this machine where nothing listens, and nothing else will meanwhile."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"


@contextlib.contextmanager
def _serving_bytes(answer: bytes) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def serving_bytes() -> Callable[[bytes], contextlib.AbstractContextManager[str]]:
    """Serve the same bytes to everybody who connects, whatever they ask."""
    return _serving_bytes
