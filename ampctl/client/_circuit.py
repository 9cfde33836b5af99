"""A server that does not answer is not asked again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ampctl.client._call import Call
from ampctl.errors import ApiError, ConnectError, ConnectionLost, GivenUp, RequestTimeout

_FAILURES = 3
_PAUSE_S = 5.0
_UNANSWERED = (ConnectError, ConnectionLost, RequestTimeout)
# A gateway that got no answer either.
_UNANSWERED_STATUSES = {502, 504}


class Circuit:
    """Refuses requests after three in a row without an answer, for five seconds each time.

    Without it, a command with a thousand targets would wait for a dead server a thousand times.

    Args:
        monotonic: a clock in seconds.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0
        self._opens_at = 0.0
        self._latest: ApiError | None = None

    def check(self, call: Call) -> None:
        """Refuse a request that would get no answer.

        Raises:
            GivenUp: the requests before it got none.
        """
        with self._lock:
            latest = self._latest
            if latest is None or self._failures < _FAILURES:
                return
            if self._monotonic() >= self._opens_at:
                return
        raise call.build_error(
            GivenUp,
            f"not sent, since {self._failures} requests in a row got no answer ({latest.message})",
            cause=latest.cause,
            is_loopback=latest.is_loopback,
        )

    def note(self, error: ApiError | None) -> None:
        """Note how a request ended: with an error, or with None for a success."""
        with self._lock:
            if error is None or not _is_unanswered(error):
                self._failures, self._latest = 0, None
                return
            self._failures += 1
            self._latest = error
            self._opens_at = self._monotonic() + _PAUSE_S


def _is_unanswered(error: ApiError) -> bool:
    return isinstance(error, _UNANSWERED) or error.status in _UNANSWERED_STATUSES
