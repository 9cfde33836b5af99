"""Calls code of others so that nothing of it is seen but what it returns in time."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")

_STEP_S = 0.01
_STREAMS = ("stdin", "stdout", "stderr")
# The threads that neither print nor read.
_quiet: set[threading.Thread] = set()


class _Apart:
    """A stream of the process that some threads have another one for.

    Args:
        stream: of all other threads.
        other: of the quiet ones.
    """

    def __init__(self, stream: Any, other: Any) -> None:
        self.stream = stream
        self.other = other

    def __getattr__(self, name: str) -> Any:
        is_quiet = threading.current_thread() in _quiet
        return getattr(self.other if is_quiet else self.stream, name)


def call_quietly(call: Callable[[], T], is_over: Callable[[], bool]) -> T | None:
    """Return what ``call`` returns; None if it fails in any way, or is not done in time.

    It runs in a thread of its own, which prints nothing and reads nothing. One that is not done
    in time is left alone: it can't be ended, and goes when the process does.

    Args:
        call: may do anything.
        is_over: whether the time is up.
    """
    results: list[T] = []

    def work() -> None:
        # A completer of a plugin may even try to end the process.
        with contextlib.suppress(BaseException):
            results.append(call())

    thread = threading.Thread(target=work, daemon=True)
    with _keep_streams_from(thread):
        thread.start()
        while thread.is_alive() and not is_over():
            thread.join(_STEP_S)
    return results[0] if results else None


@contextlib.contextmanager
def _keep_streams_from(thread: threading.Thread) -> Iterator[None]:
    _quiet.add(thread)
    # They may be set apart already, for a thread that was left alone.
    if not isinstance(sys.stdout, _Apart):
        nothing = open(os.devnull, "r+", encoding="utf-8")  # noqa: SIM115 - closed below
        for name in _STREAMS:
            setattr(sys, name, _Apart(getattr(sys, name), nothing))
    try:
        yield
    finally:
        # One that is left alone must stay quiet.
        if not any(one.is_alive() for one in _quiet):
            _quiet.clear()
            _give_streams_back()


def _give_streams_back() -> None:
    for name in _STREAMS:
        apart = getattr(sys, name)
        # What has replaced it meanwhile has its reasons.
        if isinstance(apart, _Apart):
            apart.other.close()
            setattr(sys, name, apart.stream)
