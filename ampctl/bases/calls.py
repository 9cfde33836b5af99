"""Calls of one function for many targets, in turn or several at a time."""

from __future__ import annotations

import collections
import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, NamedTuple, TypeVar

from ampctl.console.console import Console
from ampctl.errors import UnavailableError

_LONGEST_DEAF_S = 0.3

T = TypeVar("T")
Target = TypeVar("Target")


class Outcome(NamedTuple, Generic[Target, T]):
    """How one call ended.

    Attributes:
        target: what the call was for.
        results: what it returned, as the only element; empty if it raised something.
        error: what it raised.
        messages: what it said meanwhile and is not shown yet.
    """

    target: Target
    results: Sequence[T] = ()
    error: BaseException | None = None
    messages: Sequence[str] = ()


class Calls(Generic[Target, T]):
    """Calls a function for each target; the outcomes come in the order of the targets.

    The caller's thread makes the calls until the server has answered one, so that a server that is
    away is found out with few requests. From then on other threads make them, and the caller
    begins one whenever one has ended: nothing begins once the caller has stopped.

    Args:
        targets: what to call it for.
        call: the function.
        console: keeps what calls on threads say, so that it can be shown in order.
        at_once: how many calls may be in flight; with 1 there are no threads.
        note: given the outcome of each call, on the caller's thread and in the order in which they
            end; returns whether nothing more is to begin.

    Attributes:
        ended: the outcomes so far, by the position of the target.
        in_flight: the targets of calls that were begun and have not ended, likewise.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        call: Callable[[Target], T],
        console: Console,
        *,
        at_once: int,
        note: Callable[[Outcome[Target, T]], bool],
    ) -> None:
        self._call = call
        self._note = note
        self._console = console
        self._at_once = min(at_once, len(targets))
        self._waiting = collections.deque(enumerate(targets))
        self.in_flight: dict[int, Target] = {}
        self.ended: dict[int, Outcome[Target, T]] = {}
        self._threads = self._next = 0
        self._has_answered = self._is_stopped = False
        self._begun: SimpleQueue[tuple[int, Target] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[int, Outcome[Target, T]]] = SimpleQueue()

    def __iter__(self) -> Iterator[Outcome[Target, T]]:
        """Make the calls, and yield each outcome once those before it were.

        What is in flight when nothing more is to begin is waited for.
        """
        while self.in_flight or (self._waiting and not self._is_stopped):
            self._advance()
            while self._next in self.ended:
                self._next += 1
                yield self.ended[self._next - 1]

    def stop(self, longest_s: float) -> list[Outcome[Target, T]]:
        """Begin nothing more, and wait for what is in flight.

        Args:
            longest_s: for how many seconds none of it may end before the others are left alone.

        Returns:
            The outcomes that were not yielded, in order.
        """
        self._is_stopped = True
        with contextlib.suppress(Empty):
            while self.in_flight:
                self._keep(*self._done.get(timeout=longest_s))
        return [self.ended[index] for index in sorted(self.ended) if index >= self._next]

    def end_threads(self) -> None:
        """Let the threads end, each after the call that it is making."""
        for _ in range(self._threads):
            self._begun.put(None)

    def _advance(self) -> None:
        """Begin as many calls as may be in flight, and wait for the first of them to end."""
        if not self._has_answered or self._at_once == 1:
            index, target = self._register()
            self._keep(index, self._make_call(target))
            return
        while self._waiting and not self._is_stopped and len(self.in_flight) < self._at_once:
            self._begin(*self._register())
        while True:
            # An interrupt that comes just before the wait begins does not end it.
            with contextlib.suppress(Empty):
                self._keep(*self._done.get(timeout=_LONGEST_DEAF_S))
                return

    def _register(self) -> tuple[int, Target]:
        # Before it begins, so that no interrupt between two lines loses sight of a call.
        index, target = self._waiting.popleft()
        self.in_flight[index] = target
        return index, target

    def _begin(self, index: int, target: Target) -> None:
        if self._threads < len(self.in_flight):
            self._threads += 1
            # A daemon: an interrupted command need not wait for an answer that may never come.
            threading.Thread(target=self._work, name="ampctl call", daemon=True).start()
        self._begun.put((index, target))

    def _work(self) -> None:
        while (begun := self._begun.get()) is not None:
            index, target = begun
            with self._console.set_aside() as messages:
                outcome = self._make_call(target)
            self._done.put((index, outcome._replace(messages=messages)))

    def _make_call(self, target: Target) -> Outcome[Target, T]:
        try:
            return Outcome(target, results=[self._call(target)])
        except BaseException as error:  # noqa: BLE001 - for the caller to raise or to report
            return Outcome(target, error=error)

    def _keep(self, index: int, outcome: Outcome[Target, T]) -> None:
        self.ended[index] = outcome
        del self.in_flight[index]
        self._has_answered |= not isinstance(outcome.error, UnavailableError)
        self._is_stopped |= self._note(outcome)
