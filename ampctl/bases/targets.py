"""Several targets of one command: each is tried, and what was done is always reported."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

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

T = TypeVar("T")
Target = TypeVar("Target")


class Targets:
    """Calls something for each target, and keeps what failed until the results are printed.

    Args:
        console: where failures are reported when they happen.

    Attributes:
        has_changed: whether a call has changed something on the server.
        is_agreed: whether the command was allowed to change something outside of these calls.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._failures: list[AmpError] = []
        self._end: BaseException | None = None
        self.has_changed = False
        self.is_agreed = False

    def call_each(
        self, targets: Iterable[Target], call: Callable[[Target], T], *, changes: bool = False
    ) -> list[T]:
        """Return ``call(target)`` for those that succeed, in order.

        Args:
            targets: what to call it for.
            call: may raise an :class:`~ampctl.plugin.ApiError`.
            changes: whether it changes something on the server.
        """
        results: list[T] = []
        all_targets = list(targets)
        for tried, target in enumerate(all_targets):
            if self._end is not None:
                break
            try:
                results.append(call(target))
            except GivenUp as error:
                # A server that is away will not be back for the next of a thousand targets.
                self._failures.append(error)
                left = len(all_targets) - tried
                self._console.warn(f"the server does not answer: {left:,} not tried")
                break
            except ApiError as error:
                self.note_failure(error)
            except BaseException as error:  # noqa: BLE001 - raised again once results are printed
                self._end = error
                if isinstance(error, (KeyboardInterrupt, Terminated)):
                    doubt = ", which may be done or not" if changes else ""
                    self._console.warn(f"interrupted at {target}{doubt}; {tried:,} tried before it")
            else:
                self.has_changed = self.has_changed or changes
        return results

    def note_failure(self, error: AmpError) -> None:
        """Report a failure now, and end the command with its exit code later."""
        self._failures.append(error)
        self._console.report(error)

    @contextlib.contextmanager
    def mention_changes(self) -> Iterator[None]:
        """Let an answer that can't be written say that its changes were carried out."""
        try:
            yield
        except OutputError as error:
            is_done = self.is_agreed and not self._failures and self._end is None
            if isinstance(error, ClosedPipe) or not (self.has_changed or is_done):
                raise
            raise OutputError(
                f"the changes were carried out, but {error.message}", hint=error.hint
            ) from error

    def raise_failures(self) -> None:
        """Raise what ended the calls early, or one error for all targets that failed.

        Raises:
            PartialFailure: one or more targets failed.
        """
        if self._end is not None:
            raise self._end
        if self._failures:
            raise PartialFailure(self._failures)
