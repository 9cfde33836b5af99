"""Makes the pictures of the documentation.

Each is a real session in bash on a pseudo-terminal, with a sandbox of fixed data behind it. Clocks
stand still, so that the same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ampctl_sandbox.database.engine import make_sqlite_url
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.sandbox import bind
from ampctl_sandbox.simulation.population import populate
from ampctl_sandbox.web import channel
from frozen import read_clock
from screen import draw_screen
from terminal import StuckError, open_terminal

HERE = Path(__file__).resolve().parent
_PROMPT = "$"
# More than any picture needs: nothing may scroll away. What is left empty is cut off.
_ROWS = 60
_USUAL_JOBS = 200
# That of the command line's default, which pictures may show.
_PORT = 1610

Scenario = Mapping[str, Any]


def record(scenario: Scenario, home: Path) -> str:
    """Play a scenario and return the picture of the last screen.

    Args:
        scenario: one of ``scenarios.toml``.
        home: an empty folder: the home of who plays it, with the program in ``bin``.

    Raises:
        StuckError: the screen never showed what a step waits for.
    """
    _install(home / "bin")
    size = {"rows": scenario.get("rows", _ROWS), "columns": scenario["columns"]}
    command = ("bash", "--norc", "--noprofile")
    with open_terminal(command, _make_environ(home), prompt=_PROMPT, **size) as terminal:
        for line in scenario.get("before", ()):
            terminal.follow({"run": line})
        if "before" in scenario:
            terminal.screen.reset()
            terminal.follow({"press": "ctrl-l", "line": _PROMPT})
        for step in scenario["steps"]:
            terminal.follow(step)
        rows = [row.rstrip() for row in terminal.screen.display]
        while rows[-1] in ("", _PROMPT):
            rows.pop()
        return draw_screen(terminal.screen, title=scenario["title"], rows=len(rows))


def _install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "ampctl"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE / "frozen.py"}" "$@"\n')
    program.chmod(0o755)


def _make_environ(home: Path) -> dict[str, str]:
    (home / "inputrc").write_text("set enable-bracketed-paste off\nset bell-style none\n")
    return {
        "PATH": f"{home / 'bin'}:/usr/bin:/bin",
        "HOME": str(home),
        "INPUTRC": str(home / "inputrc"),
        "PS1": f"{_PROMPT} ",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        # However slow this machine is, the server's ids are in the picture.
        "AMPCTL_COMPLETION_TIMEOUT": "20s",
    }


@contextlib.contextmanager
def serve_jobs(folder: Path, port: int, count: int) -> Iterator[None]:
    """Serve the same jobs each time, all of the past, until the block ends."""
    store = Store.open(make_sqlite_url(folder / "sandbox.sqlite3"))
    store.now = read_clock
    # What says how old a sign of life is.
    told = channel.build_http_date(read_clock().timestamp())
    channel.build_http_date = lambda moment: told
    populate(store, count)
    with contextlib.closing(store), bind(store, host="127.0.0.1", port=port, token=None) as server:
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield
        server.stop()
        thread.join()


def parse_arguments(argv: Sequence[str]) -> argparse.Namespace:
    """Return the names of the pictures, and where scenarios are and pictures go."""
    parser = argparse.ArgumentParser(description="Make the pictures of the documentation.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a picture (default: all)")
    parser.add_argument("--scenarios", type=Path, default=HERE / "scenarios.toml", metavar="FILE")
    parser.add_argument(
        "--to", type=Path, default=HERE.parents[1] / "docs" / "pictures", metavar="FOLDER"
    )
    parser.add_argument("--port", type=int, default=_PORT, help="that of the sandbox; 0 for any")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Make pictures and return the exit code; one that fails does not stop the others."""
    args = parse_arguments(argv)
    with args.scenarios.open("rb") as file:
        scenarios: list[Scenario] = tomllib.load(file)["picture"]
    code = 0
    for scenario in scenarios:
        name = scenario["name"]
        if args.names and name not in args.names:
            continue
        # A server for each: what one of them removes is there for the next.
        count = scenario.get("jobs", _USUAL_JOBS)
        with tempfile.TemporaryDirectory() as folder, serve_jobs(Path(folder), args.port, count):
            try:
                picture = record(scenario, Path(folder) / "home")
            except StuckError as error:
                print(f"{name}: {error}", file=sys.stderr)
                code = 1
            else:
                (args.to / f"{name}.svg").write_text(picture, encoding="utf-8")
                print(f"{name}.svg")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
