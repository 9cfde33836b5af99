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


class _Apart:
    """A stream of the process that one thread has another one for."""

    def __init__(self, stream: Any, thread: threading.Thread, other: Any) -> None:
        self._stream = stream
        self._thread = thread
        self._other = other

    def __getattr__(self, name: str) -> Any:
        is_other = threading.current_thread() is self._thread
        return getattr(self._other if is_other else self._stream, name)


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
    names = ("stdin", "stdout", "stderr")
    before = [getattr(sys, name) for name in names]
    nothing = open(os.devnull, "r+", encoding="utf-8")  # noqa: SIM115 - it may outlive the block
    for name, stream in zip(names, before, strict=True):
        setattr(sys, name, _Apart(stream, thread, nothing))
    try:
        yield
    finally:
        # A thread that is left alone must stay quiet.
        if not thread.is_alive():
            for name, stream in zip(names, before, strict=True):
                setattr(sys, name, stream)
            nothing.close()
