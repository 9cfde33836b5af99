"""Whether a request is tried again, and when."""

from __future__ import annotations

import datetime
import logging
import re
import threading
from collections.abc import Callable
from typing import TypeVar

from ampctl.client.times import parse_http_date
from ampctl.errors import ApiError

_log = logging.getLogger("ampctl.client")

_T = TypeVar("_T")

LONGEST_WAIT_S = 60.0
"""The longest wait before another attempt. A server that asks for more is not asked again."""

_FIRST_BACKOFF_S = 0.5
_LONGEST_BACKOFF_S = 8.0
_NOTABLE_WAIT_S = 5.0
_DELTA_SECONDS = re.compile(r"[0-9]{1,9}")


class RetryableError(Exception):
    """An attempt failed, and another one may succeed. It never leaves the client.

    Args:
        error: what to raise if there is no other attempt.
        is_unprocessed: the server has certainly not carried out the request.
    """

    def __init__(self, error: ApiError, *, is_unprocessed: bool) -> None:
        super().__init__(error.message)
        self.error = error
        self.is_unprocessed = is_unprocessed


class RetryBudget:
    """How many retries all requests of a client may make together.

    Without it, a walk over hundreds of pages of a faulty server would wait for each of them. A
    retry takes one token; a request that succeeds gives a part of one back.
    """

    def __init__(self, tokens: float = 20.0, *, refill: float = 0.2) -> None:
        self._most = self._tokens = tokens
        self._refill = refill
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take a token, and return whether one was left."""
        with self._lock:
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True

    def give_back(self) -> None:
        """Note a success."""
        with self._lock:
            self._tokens = min(self._most, self._tokens + self._refill)


class RetryPolicy:
    """Runs attempts until one succeeds, fails permanently, or too many have failed.

    Args:
        retries: attempts after the first.
        budget: shared by all requests to one server.
        sleep: waits for the given seconds.
        random: a float in [0, 1).
        now: the wall clock, an aware datetime.
    """

    def __init__(
        self,
        retries: int,
        budget: RetryBudget,
        *,
        sleep: Callable[[float], None],
        random: Callable[[], float],
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._retries = retries
        self._budget = budget
        self._sleep = sleep
        self._random = random
        self._now = now

    def run(self, attempt: Callable[[], _T], *, replayable: bool) -> _T:
        """Return what ``attempt`` returns.

        Args:
            attempt: makes one attempt; raises :class:`RetryableError` if another may succeed.
            replayable: the request may be carried out twice. If not, it is tried again only
                when it certainly was not carried out.
        """
        tried = 0
        while True:
            try:
                result = attempt()
            except RetryableError as failure:
                tried += 1
                may_retry = replayable or failure.is_unprocessed
                if tried > self._retries or not may_retry or not self._budget.take():
                    raise failure.error from failure.__cause__
                self._wait(failure, tried)
            else:
                self._budget.give_back()
                return result

    def parse_wait_s(self, header: str | None) -> float | None:
        """Return the seconds that ``Retry-After`` asks to wait, if it can be understood."""
        return None if header is None else parse_retry_after(header, self._now())

    def _wait(self, failure: RetryableError, tried: int) -> None:
        wait_s = failure.error.retry_after_s
        if wait_s is None:
            # The exponent is bounded, since 2.0**1024 overflows.
            backoff_s = _FIRST_BACKOFF_S * 2 ** min(tried - 1, 10)
            wait_s = self._random() * min(_LONGEST_BACKOFF_S, backoff_s)
        level = logging.WARNING if wait_s >= _NOTABLE_WAIT_S else logging.INFO
        _log.log(
            level,
            "%s; trying again in %.1f s (attempt %d of %d)",
            failure.error.message,
            wait_s,
            tried + 1,
            self._retries + 1,
        )
        self._sleep(wait_s)


def parse_retry_after(header: str, now: datetime.datetime) -> float | None:
    """Read a ``Retry-After`` header: whole seconds or an HTTP date (RFC 9110, 10.2.3).

    Returns:
        The seconds to wait from ``now`` on; None if the header is neither.
    """
    header = header.strip()
    if _DELTA_SECONDS.fullmatch(header):
        return float(header)
    date = parse_http_date(header)
    return None if date is None else max((date - now).total_seconds(), 0.0)
