"""The time limits of one attempt at a request, and its progress."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
from collections.abc import Callable, Iterator

from ampctl.client._arguments import check_type
from ampctl.client.numbers import LONGEST_REQUEST_S
from ampctl.errors import UsageError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Limits of one request, in seconds. They apply to each attempt of a retried request.

    Attributes:
        connect_s: to connect to one address of the server, and again for the TLS handshake.
        read_s: the longest pause of an answer.
        total_s: from the first packet to the last byte of the body, redirects included, also if
            the server sends all the time.

    Raises:
        TypeError: a limit is not a number.
        UsageError: a limit is not positive, or more than a day.
    """

    connect_s: float = 5.0
    read_s: float = 30.0
    total_s: float = 60.0

    def __post_init__(self) -> None:
        for name, limit in dataclasses.asdict(self).items():
            check_type(limit, (int, float), name, "a number of seconds")
            if not 0 < limit <= LONGEST_REQUEST_S:
                raise UsageError(
                    f"invalid timeout: {name} must be a positive number of seconds,"
                    f" {LONGEST_REQUEST_S:.0f} at most"
                )


class Attempt:
    """One attempt at a request: its deadline, and what it is waiting for.

    A connection finds its attempt in :data:`current_attempt`, since nothing between the client
    and the socket would pass it on.

    Attributes:
        is_connecting: a connection is being made; if the attempt fails now, the server has
            certainly not seen the request.
        limit: why the present wait is as short as it is, or None before the first one.
    """

    def __init__(self, timeouts: Timeouts, monotonic: Callable[[], float]) -> None:
        self._timeouts = timeouts
        self._monotonic = monotonic
        self._deadline = monotonic() + timeouts.total_s
        self.is_connecting = False
        self.limit: str | None = None

    def compute_connect_wait_s(self) -> float:
        """Return how long connecting may take now."""
        return self._compute_wait_s(
            self._timeouts.connect_s,
            f"no connection within {self._timeouts.connect_s:g} s (the connect limit)",
        )

    def compute_read_wait_s(self) -> float:
        """Return how long the next piece of the answer may take."""
        return self._compute_wait_s(
            self._timeouts.read_s,
            f"the server sent nothing for {self._timeouts.read_s:g} s (the read limit)",
        )

    def _compute_wait_s(self, longest_s: float, limit: str) -> float:
        left_s = self._deadline - self._monotonic()
        if longest_s <= left_s:
            self.limit = limit
            return longest_s
        self.limit = f"not done after {self._timeouts.total_s:g} s (the limit of one request)"
        if left_s <= 0:
            raise TimeoutError(self.limit)
        return left_s

    @contextlib.contextmanager
    def mark_connecting(self) -> Iterator[None]:
        """Mark the time in which a connection is being made; an error leaves the mark set."""
        self.is_connecting = True
        yield
        self.is_connecting = False

    @contextlib.contextmanager
    def make_current(self) -> Iterator[None]:
        """Make this the attempt of the connections that this thread uses."""
        token = current_attempt.set(self)
        try:
            yield
        finally:
            current_attempt.reset(token)


current_attempt: contextvars.ContextVar[Attempt] = contextvars.ContextVar("current_attempt")
