"""Several targets of one command: each is tried, and what was done is always reported."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ampctl.console.console import Console
from ampctl.errors import (
    AmpError,
    ApiError,
    ClosedPipe,
    GivenUp,
    OutputError,
    PartialFailure,
    Terminated,
)

if TYPE_CHECKING:
    from ampctl.bases.calls import Calls, Outcome

T = TypeVar("T")
Target = TypeVar("Target")

AT_ONCE = 8
"""How many calls are in flight at most, unless a command was told otherwise."""

LONGEST_FINISH_S = 2.0
"""How long an interrupted command waits for the answers to what it has already sent."""

# Of fewer targets the failures are in sight.
_MANY = 3

_INTERRUPTS = (KeyboardInterrupt, Terminated)


class Targets:
    """Calls something for each target, and keeps what failed until the results are printed.

    Args:
        console: where failures are reported when they happen.
        monotonic: a clock in seconds.

    Attributes:
        at_once: how many calls may be in flight.
        fails_fast: whether nothing more begins once a target has failed.
        has_changed: whether a call has changed something on the server.
        is_agreed: whether the command was allowed to change something outside of these calls.
    """

    def __init__(self, console: Console, monotonic: Callable[[], float]) -> None:
        self._console = console
        self._monotonic = monotonic
        self._failures: list[AmpError] = []
        self._end: BaseException | None = None
        self._count = 0
        self.at_once = AT_ONCE
        self.fails_fast = False
        self.has_changed = False
        self.is_agreed = False

    def call_each(
        self,
        targets: Iterable[Target],
        call: Callable[[Target], T],
        *,
        changes: bool = False,
        at_once: int = 1,
    ) -> list[T]:
        """Return ``call(target)`` for those that succeed, in order.

        Args:
            targets: what to call it for.
            call: may raise an :class:`~ampctl.plugin.ApiError`.
            changes: whether it changes something on the server.
            at_once: how many calls may be in flight; all but the first ones are on threads.
        """
        is_over = self._end is not None or (self.fails_fast and bool(self._failures))
        all_targets = [] if self._end is not None else list(targets)
        self._count = max(self._count, len(all_targets))
        calls = self._prepare([] if is_over else all_targets, call, at_once, self._ends)
        try:
            for outcome in calls:
                self._show(outcome)
        except _INTERRUPTS as error:
            self._end = error
            self._console.leave_line(error)
            self._settle(calls)
        finally:
            calls.end_threads()
            self._console.clear_status()
        outcomes = [calls.ended[index] for index in sorted(calls.ended)]
        self._keep_failures(outcomes)
        not_begun = len(all_targets) - len(outcomes) - len(calls.in_flight)
        self._tell_what_is_left(outcomes, list(calls.in_flight.values()), not_begun, changes)
        results = [result for outcome in outcomes for result in outcome.results]
        self.has_changed |= changes and bool(results)
        return results

    def read_each(
        self, targets: Iterable[Target], read: Callable[[Target], T], *, at_once: int = 1
    ) -> list[T]:
        """Return ``read(target)`` for all of them, in order; the first error ends it, as in a loop.

        Args:
            targets: what to call it for.
            read: changes nothing on the server.
            at_once: as for :meth:`call_each`.
        """
        calls = self._prepare(list(targets), read, at_once, lambda outcome: bool(outcome.error))
        results: list[T] = []
        try:
            for outcome in calls:
                self._console.release(outcome.messages)
                if outcome.error is not None:
                    raise outcome.error
                results += outcome.results
        finally:
            calls.end_threads()
            self._console.clear_status()
        return results

    def _prepare(
        self,
        targets: Sequence[Target],
        call: Callable[[Target], T],
        at_once: int,
        ends: Callable[[Outcome[Target, T]], bool],
    ) -> Calls[Target, T]:
        # Imported here: hardly any command has several targets.
        from ampctl.bases.calls import Calls
        from ampctl.console.progress_line import ProgressLine

        line = ProgressLine(self._console, self._monotonic, len(targets))

        def note(outcome: Outcome[Target, T]) -> bool:
            line.show(len(calls.ended))
            return ends(outcome)

        calls = Calls(targets, call, self._console, at_once=at_once, note=note)
        return calls

    def _ends(self, outcome: Outcome[Any, Any]) -> bool:
        """Tell whether nothing more is to begin after an outcome."""
        error = outcome.error
        if self.fails_fast and (error or self._failures):
            return True
        return isinstance(error, GivenUp) or not isinstance(error, ApiError | None)

    def _show(self, outcome: Outcome[Any, Any]) -> None:
        self._console.release(outcome.messages)
        error = outcome.error
        if isinstance(error, ApiError) and not isinstance(error, GivenUp):
            self._console.report(error)

    def _settle(self, calls: Calls[Any, Any]) -> None:
        """Finish what is in flight after an interrupt; a second one ends that at once."""
        try:
            left = calls.stop(LONGEST_FINISH_S)
        except _INTERRUPTS:
            left = calls.stop(0)
        for outcome in left:
            self._show(outcome)

    def _keep_failures(self, outcomes: Sequence[Outcome[Any, Any]]) -> None:
        for error in (outcome.error for outcome in outcomes):
            if isinstance(error, ApiError):
                self._failures.append(error)
            elif self._end is None:
                self._end = error

    def _tell_what_is_left(
        self,
        outcomes: Sequence[Outcome[Any, Any]],
        in_flight: Sequence[object],
        not_begun: int,
        changes: bool,
    ) -> None:
        if isinstance(self._end, _INTERRUPTS):
            self._console.leave_line(self._end)
            # What is noted of a request is told here, with its target.
            self._end.__notes__ = []
            broken = [one.target for one in outcomes if isinstance(one.error, _INTERRUPTS)]
            tried = len(outcomes) - len(broken)
            self._console.warn(
                f"interrupted{_name_doubtful([*broken, *in_flight], changes)}"
                f"; {tried:,} tried, {not_begun:,} not tried"
            )
        elif given_up := [one.error for one in outcomes if isinstance(one.error, GivenUp)]:
            # A server that is away will not be back for the next of a thousand targets.
            not_tried = not_begun + len(given_up)
            if len(given_up) == len(outcomes):  # what the requests before failed of was not told
                self._console.report(given_up[0])
            self._console.warn(f"the server does not answer: {not_tried:,} not tried")
        elif not_begun:
            self._console.warn(f"ended at the first failure: {not_begun:,} not tried")

    def note_failure(self, error: AmpError) -> None:
        """Report a failure now, and end the command with its exit code later."""
        self._failures.append(error)
        self._console.report(error)

    @contextlib.contextmanager
    def postpone(self) -> Iterator[None]:
        """Let a failure or an interrupt that ends the block end the command after its output."""
        try:
            yield
        except AmpError as error:
            self.note_failure(error)
        except _INTERRUPTS as error:
            self._end = error
            self._console.warn("interrupted while waiting")

    @contextlib.contextmanager
    def mention_changes(self, has_changed: Callable[[], bool]) -> Iterator[None]:
        """Let an answer that can't be shown say that its changes were carried out.

        Args:
            has_changed: tells of changes outside of these calls.
        """
        try:
            yield
        except ClosedPipe:
            raise
        except OutputError as error:
            is_done = self.is_agreed and not self._failures and self._end is None
            if not (is_done or self.has_changed or has_changed()):
                raise
            raise OutputError(
                f"the changes were carried out, but {error.message}", hint=error.hint
            ) from error
        except Exception:
            if self.has_changed or has_changed():
                self._console.warn("changes were carried out before this:")
            raise

    def raise_failures(self) -> None:
        """Raise what ended the calls early, or one error for all targets that failed.

        Raises:
            PartialFailure: one or more targets failed.
        """
        if self._end is not None:
            raise self._end
        if self._failures:
            self._sum_up(len(self._failures))
            raise PartialFailure(self._failures)

    def _sum_up(self, failed: int) -> None:
        """Say how many targets failed, where these are not the last lines that were said."""
        if failed > 1 and self._count >= _MANY and not isinstance(self._failures[-1], GivenUp):
            self._console.warn(f"{failed:,} of {self._count:,} failed")


def _name_doubtful(targets: Sequence[object], changes: bool) -> str:
    if not targets:
        return ""
    doubt = ", which may have been carried out" if changes else ""
    return f" at {', '.join(map(str, targets))}{doubt}"
