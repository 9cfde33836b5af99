"""``ampctl __complete``: answers a shell in a process of its own, and is never heard otherwise."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ampctl.discovery.registry import Registry
from ampctl.runtime import Runtime, measure_process_s
from ampctl.settings.options import read_allowed_plugins
from ampctl.shell.complete.engine import Completion, Engine, read_server_limit_s
from ampctl.shell.complete.protocol import Bash, format_answer, list_plainly, read_text

if TYPE_CHECKING:
    from ampctl.app import AmpApp

LIMIT = 100
"""How many candidates are offered: more can't be looked at in a shell."""


def answer_shell(argv: Sequence[str]) -> int:
    """Print what may stand at the cursor, and return 0 whatever happens.

    Args:
        argv: ``-- WORD...``, words without quotes, of which the last may be empty; ``text LINE``,
            the line up to the cursor as it was typed; or ``bash TYPE WIDTH BREAKS LINE``.
    """
    with contextlib.suppress(Exception):
        answer = os.dup(1)
        _close_streams()
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        os.write(answer, _answer(argv).encode(encoding, "backslashreplace"))
    return 0


def _answer(argv: Sequence[str]) -> str:
    try:
        return _list(argv)
    except Exception:  # noqa: BLE001 - whatever it is, the shell must not offer files instead
        return format_answer((), Completion())


def _close_streams() -> None:
    """Let nothing be read from the shell's terminal or be written to it, by whatever runs here."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)


def _list(argv: Sequence[str]) -> str:
    kind, *given = argv
    if kind == "--":
        completion = _complete(given)
        return format_answer(list_plainly(completion.candidates), completion)
    text = given[-1]
    line = read_text(text)
    if line.path is not None or line.pipe is not None:
        return format_answer((), Completion(files=line.path is not None))
    completion = _complete(line.words)
    if kind != "bash":
        return format_answer(list_plainly(completion.candidates), completion)
    bash = Bash(given[0], int(given[1]), given[2])
    return format_answer(bash.list_words(completion.candidates, text), completion)


def _complete(words: Sequence[str]) -> Completion:
    runtime = Runtime.of_process()
    # Who waits has been waiting since the process was started.
    left_s = read_server_limit_s(runtime.environ) - measure_process_s()
    registry = Registry(read_allowed_plugins(words[:-1], runtime.environ))

    def make_app() -> AmpApp:
        # Imported here: cliff is most of what a command needs, and words need no command.
        from ampctl.app import AmpApp
        from ampctl.session import Session

        app = AmpApp(Session(runtime))
        app.registry = registry
        return app

    engine = Engine(
        registry, make_app, monotonic=runtime.monotonic, limit=LIMIT, server_limit_s=left_s
    )
    return engine.complete(words)
