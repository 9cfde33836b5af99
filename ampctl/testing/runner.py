"""Runs the real main of ampctl with a runtime made for tests."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ampctl.app import AmpApp
from ampctl.bases.command import Command
from ampctl.main import main
from ampctl.runtime import Runtime
from ampctl.session import Session
from ampctl.shell.complete.engine import Engine
from ampctl.testing.api import is_stubbed, stubbed_api
from ampctl.testing.fakes import MemoryStream, fake_runtime
from ampctl.testing.given import entry_points_of


@dataclasses.dataclass(frozen=True)
class Result:
    """What a command line did: its two streams, apart, and its exit code."""

    stdout: str
    stderr: str
    exit_code: int

    @property
    def json(self) -> Any:
        """The JSON document of standard output; see also :attr:`documents`."""
        return json.loads(self.stdout)

    @property
    def documents(self) -> list[Any]:
        """The JSON documents of standard output, one on each line, as ``-f jsonl`` prints them."""
        return [json.loads(line) for line in self.stdout.splitlines()]

    def __str__(self) -> str:
        return f"--- stdout ---\n{self.stdout}--- stderr ---\n{self.stderr}"


def invoke(
    *argv: str,
    expect: int | None = 0,
    runtime: Runtime | None = None,
    commands: Mapping[str, type[Command]] | None = None,
    **options: Any,
) -> Result:
    """Run ``ampctl argv…`` in this process and return what it did.

    Args:
        argv: the arguments after the program's name.
        expect: the exit code that the test counts on; None if any will do.
        runtime: the runtime to use, made by :func:`fake_runtime`; otherwise one is made of
            ``options``.
        commands: commands to be had beside the installed ones, by their words:
            ``{"worker list": ListWorkers}``.
        **options: what :func:`fake_runtime` takes.

    Raises:
        AssertionError: the exit code is another one, and the message holds both streams; or
            something was printed that did not go through the console or the runtime; or a request
            was sent although the test has neither an API of its own nor names one.
    """
    __tracebackhide__ = True
    runtime = runtime or fake_runtime(**options)
    line = " ".join(("ampctl", *argv))
    with _nothing_printed(line), _no_api_but_the_tests(argv, runtime):
        code = main(argv, runtime, entry_points_of(commands or {}))
    assert isinstance(runtime.stdout, MemoryStream)
    assert isinstance(runtime.stderr, MemoryStream)
    result = Result(runtime.stdout.getvalue(), runtime.stderr.getvalue(), code)
    if expect is not None and code != expect:
        raise AssertionError(f"{line}: exit {code}, not {expect}\n{result}")
    return result


def parse(
    *argv: str, commands: Mapping[str, type[Command]] | None = None, **options: Any
) -> argparse.Namespace:
    """Return what the command of ``ampctl argv…`` would be given, without running it.

    ``parse("job", "list", "-l", "5").limit`` is 5.

    Args:
        argv: the arguments after the program's name.
        commands: as for :func:`invoke`.
        **options: what :func:`fake_runtime` takes.

    Raises:
        UsageError: there is no such command, it can't be loaded, or it does not take these
            arguments.
    """
    __tracebackhide__ = True
    runtime = fake_runtime(**options)
    app = AmpApp(Session(runtime), entry_points_of(commands or {}))
    return app.parse(argv)


def offered(
    *words: str, commands: Mapping[str, type[Command]] | None = None, **options: Any
) -> dict[str, str]:
    """Return what is offered where the last of ``ampctl words…`` is being typed.

    ``offered("worker", "inspect", "w")`` may be ``{"worker-1": "alive"}``, each with its hint. What
    a source does wrong is raised here; for a person nothing would be offered.

    Args:
        words: the words up to the cursor; the last one may be empty.
        commands: as for :func:`invoke`.
        **options: what :func:`fake_runtime` takes.
    """
    app = AmpApp(Session(fake_runtime(**options)), entry_points_of(commands or {}))
    engine = Engine(app.registry, lambda: app, monotonic=app.session.runtime.monotonic)
    with contextlib.closing(engine):
        return dict(engine.complete_openly(words).candidates)


@contextlib.contextmanager
def _no_api_but_the_tests(argv: Sequence[str], runtime: Runtime) -> Iterator[None]:
    """Refuse requests of the block, unless the test stands in for the API or names one.

    The default URL is that of whatever controller, or sandbox, runs on this machine.
    """
    __tracebackhide__ = True
    is_named = "AMP_ADMIN_URL" in runtime.environ or any("--admin-url" in word for word in argv)
    if is_named or is_stubbed():
        yield
        return
    with stubbed_api():
        yield


@contextlib.contextmanager
def _nothing_printed(line: str) -> Iterator[None]:
    """Fail if the block writes to the streams of the process itself."""
    __tracebackhide__ = True
    printed = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    with (
        contextlib.redirect_stdout(printed["stdout"]),
        contextlib.redirect_stderr(printed["stderr"]),
    ):
        yield
    for name, stream in printed.items():
        if text := stream.getvalue():
            raise AssertionError(f"{line}: printed past the console, to sys.{name}:\n{text}")
