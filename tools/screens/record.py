"""Makes the screens of the documentation: what a person sees of a command, as text.

Each is played through the test kit, against a sandbox of fixed jobs in this process. All clocks
stand still, and go on only where a command waits; so the same sources give the same bytes.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import functools
import io
import re
import shlex
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import requests_mock

from ampctl.runtime import Runtime
from ampctl.testing import FakeClock, fake_runtime, invoke
from ampctl.testing.fakes import FakeTerminal, MemoryStream
from ampctl_sandbox.api.app import make_app
from ampctl_sandbox.api.releases import CURRENT, LAST
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database.engine import make_sqlite_url
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.simulation.population import populate
from ampctl_sandbox.simulation.retries import Retries
from ampctl_sandbox.simulation.scenarios import SCENARIOS
from ampctl_sandbox.simulation.workers import Simulation

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SCREENS = ROOT / "docs" / "screens"
README = ROOT / "README.md"
# The pictures have the same moment, and the same jobs.
_MOMENT = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)
_JOBS = 200
_URL = "http://localhost:1610"
_PIPE = "pipe"
_STATES = (80, 120, _PIPE)
# What else is installed here must not be seen; and only text can be kept as text.
_ENVIRON = {"AMPCTL_PLUGINS": "ampctl-job,ampctl-sandbox,ampctl-worker", "TERM": "dumb"}
_EXCERPT = re.compile(r"(<!-- screen: (\S+) -->\n).*?(<!-- end of screen -->)", re.DOTALL)


class Take(NamedTuple):
    """A screen in one state: a terminal of so many columns, or ``pipe``."""

    name: str
    state: int | str
    lines: Sequence[str]
    typed: str
    files: Mapping[str, str]
    scenario: str

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{self.name}.{self.state}.txt"


@dataclasses.dataclass
class _WorkingClock(FakeClock):
    """A clock with a sandbox: its workers and its controller work while a command sleeps."""

    chores: Sequence[Callable[[], None]] = ()

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        for chore in self.chores:
            chore()


class _Keyboard(FakeTerminal):
    """Shows what is typed, as a real terminal does."""

    def readline(self, size: int = -1, /) -> str:
        line = super().readline(size)
        self.write(line)
        return line


def read_takes() -> list[Take]:
    """Return all that is to be recorded."""
    declared = tomllib.loads((HERE / "screens.toml").read_text(encoding="utf-8"))["screen"]
    return [
        Take(
            screen["name"],
            state,
            screen["lines"],
            screen.get("typed", ""),
            screen.get("files", {}),
            screen.get("scenario", "steady"),
        )
        for screen in declared
        for state in screen.get("at", _STATES)
    ]


def record(take: Take) -> str:
    """Play a take, and return its screen."""
    screen = MemoryStream(is_terminal=take.state != _PIPE)
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        _serve(take.scenario) as clock,
    ):
        for name, text in take.files.items():
            Path(name).write_text(text, encoding="utf-8")
        environ = {**_ENVIRON, "COLUMNS": str(take.state), "XDG_STATE_HOME": folder}
        runtime = dataclasses.replace(
            fake_runtime(environ=environ, clock=clock), stdout=screen, stderr=screen
        )
        if screen.isatty():
            keyboard = _Keyboard(io.StringIO(take.typed), screen)
            runtime = dataclasses.replace(runtime, stdin=keyboard, open_terminal=lambda: keyboard)
        _play(take.lines, runtime, screen)
    return screen.getvalue()


def _play(lines: Sequence[str], runtime: Runtime, screen: MemoryStream) -> None:
    for line in lines:
        screen.write(f"$ {line}\n")
        program, *words = shlex.split(line)
        if program != "ampctl":
            raise ValueError(f"{line!r} does not begin with ampctl")
        before = len(screen.getvalue())
        code = invoke(*words, runtime=runtime, expect=None).exit_code
        shown = screen.getvalue()[before:]
        # Nothing that moves the cursor can be shown as text.
        if "\033" in shown or "\r" in shown:
            raise ValueError(f"{line!r} redraws the screen")
        if code:
            screen.write(f"$ echo $?\n{code}\n")


@contextlib.contextmanager
def _serve(scenario: str) -> Iterator[FakeClock]:
    """Answer requests like a sandbox with the jobs of all screens, until the block ends."""
    clock = _WorkingClock(_MOMENT)
    with tempfile.TemporaryDirectory() as folder, requests_mock.Mocker() as mocker:
        path = Path(folder) / "sandbox.sqlite3"
        path.write_bytes(_make_database(scenario))
        store = Store.open(make_sqlite_url(path))
        store.now = lambda: clock.now
        with contextlib.closing(store):
            clock.chores = (Retries(store).tick, Simulation(store).tick)
            release = LAST if SCENARIOS[scenario].is_last_release else CURRENT
            app = make_app(Service(store, release))

            def answer(request: Any, context: Any) -> bytes:
                response = app.test_client().open(
                    request.url, method=request.method, data=request.body
                )
                context.status_code = response.status_code
                context.headers.update(response.headers)
                return response.data

            mocker.register_uri(
                requests_mock.ANY, re.compile(f"^{re.escape(_URL)}"), content=answer
            )
            yield clock


@functools.cache
def _make_database(scenario: str) -> bytes:
    """Return a SQLite file with the jobs of a scenario."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sandbox.sqlite3"
        store = Store.open(make_sqlite_url(path))
        store.now = lambda: _MOMENT
        populate(store, _JOBS, scenario=SCENARIOS[scenario])
        # What is in the log beside the file goes into the file with the last connection.
        store.close()
        return path.read_bytes()


def renew_excerpts(text: str, screens: Mapping[str, str]) -> str:
    """Return the text of a Markdown page with its screens as they are now."""
    return _EXCERPT.sub(
        lambda found: f"{found[1]}```console\n{screens[found[2]]}```\n{found[3]}", text
    )


def read_screens() -> dict[str, str]:
    """Return the screens as they are kept, by the names of their files."""
    return {path.name: path.read_text(encoding="utf-8") for path in SCREENS.glob("*.txt")}


def main() -> int:
    """Record all screens, remove the files of those that are gone, and renew the README."""
    takes = read_takes()
    for name in read_screens().keys() - {take.file_name for take in takes}:
        (SCREENS / name).unlink()
    for take in takes:
        (SCREENS / take.file_name).write_text(record(take), encoding="utf-8")
    page = README.read_text(encoding="utf-8")
    README.write_text(renew_excerpts(page, read_screens()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
