"""Imports what plugins offer, in a process of its own.

A module may end its process, print, hang or crash while it is imported. Here that costs a child:
the parent notes what happened and goes on with a new one.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence

from ampctl.discovery.entry_points import EntryPoint
from ampctl.settings.options import remove_secrets

TIMEOUT_S = 20.0

# Nothing is imported from the current folder, which may hold a json.py.
_PROGRAM = (
    "import sys; sys.path[:], sys.argv[1:] = sys.argv[1:], []; "
    "from ampctl.commands.plugin import probed; probed.main()"
)

Verdicts = Mapping[tuple[str, str], Sequence[tuple[str, str]]]
"""For each group and value the faults that were found: a kind and a fact each."""


def probe(entries: Sequence[EntryPoint], *, timeout_s: float = TIMEOUT_S) -> Verdicts:
    """Import and look at each of ``entries``.

    Args:
        entries: what to look at.
        timeout_s: how long one import may take.
    """
    left = list(dict.fromkeys((entry.group, entry.value) for entry in entries))
    verdicts: dict[tuple[str, str], list[tuple[str, str]]] = {}
    while left:
        answered, end = _run_child(left, timeout_s)
        verdicts.update(zip(left, answered, strict=False))
        left = left[len(answered) :]
        # Only the first can be blamed: the imports of the others took their share of the time.
        if not answered:
            verdicts[left.pop(0)] = [("broken", end)]
    return verdicts


def _run_child(
    values: Sequence[tuple[str, str]], timeout_s: float
) -> tuple[list[list[tuple[str, str]]], str]:
    """Return the verdicts up to where the child ended, and how it ended."""
    with subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
        [sys.executable, "-c", _PROGRAM, *filter(None, sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=remove_secrets(os.environ),
        start_new_session=True,
    ) as child:
        try:
            output, _ = child.communicate(json.dumps(values), timeout_s)
            end = f"it ends the process that imports it (exit status {child.returncode})"
        except subprocess.TimeoutExpired:
            _kill(child)
            output, _ = child.communicate()
            end = f"its import takes longer than {timeout_s:g} s"
        except BaseException:
            # A signal ends the command, and a plugin must not outlive it nor hold it up.
            _kill(child)
            child.wait()
            raise
    return list(_parse_verdicts(output)), end


def _kill(child: subprocess.Popen[str]) -> None:
    """End the child, and all that the plugins in it have started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _parse_verdicts(output: str) -> Iterator[list[tuple[str, str]]]:
    with contextlib.suppress(ValueError):
        for line in output.splitlines():
            yield [(kind, fact) for kind, fact in json.loads(line)]
