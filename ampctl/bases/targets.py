"""Several targets of one command: each is tried, and what was done is always reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from ampctl.console.console import Console
from ampctl.errors import AmpError, ApiError, PartialFailure, Terminated

T = TypeVar("T")
Target = TypeVar("Target")


class Targets:
    """Calls something for each target, and keeps what failed until the results are printed.

    Args:
        console: where failures are reported when they happen.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._failures: list[AmpError] = []
        self._end: BaseException | None = None

    def call_each(
        self,
        targets: Iterable[Target],
        call: Callable[[Target], T],
        *,
        changes: bool = False,
    ) -> list[T]:
        """Return ``call(target)`` for those that succeed, in order."""
        results: list[T] = []
        for tried, target in enumerate(targets):
            if self._end is not None:
                break
            try:
                results.append(call(target))
            except ApiError as error:
                self.note_failure(error)
            except BaseException as error:  # noqa: BLE001 - raised again once results are printed
                self._end = error
                if isinstance(error, (KeyboardInterrupt, Terminated)):
                    doubt = ", which may be done or not" if changes else ""
                    self._console.warn(f"interrupted at {target}{doubt}; tried before: {tried}")
        return results

    def note_failure(self, error: AmpError) -> None:
        """Report a failure now, and end the command with its exit code later."""
        self._failures.append(error)
        self._console.report(error)

    def raise_failures(self) -> None:
        """Raise what ended the calls early, or one error for all targets that failed.

        Raises:
            PartialFailure: one or more targets failed.
        """
        if self._end is not None:
            raise self._end
        if self._failures:
            raise PartialFailure(self._failures)
