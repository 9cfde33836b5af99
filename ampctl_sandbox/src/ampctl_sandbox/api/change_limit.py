"""How many changes may be under way at once."""

from __future__ import annotations

import threading

from ampctl_sandbox.api.failures import make_unavailable

MAX_CHANGES = 4
# Many times what a commit takes on a busy machine: a burst of changes is not a stuck database.
WAIT_S = 2.0


class ChangeLimit:
    """Allows only some changes at once, so that they don't pile up while the database is stuck.

    Any further change waits until one is done. If none is done soon, the database is stuck, and the
    change is refused; while it is stuck, so are the next ones, at once.

    Raises:
        Refusal: the database is stuck.
    """

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(MAX_CHANGES)
        self._is_stuck = False

    def __enter__(self) -> None:
        if not self._places.acquire(timeout=0 if self._is_stuck else WAIT_S):
            self._is_stuck = True
            raise make_unavailable()

    def __exit__(self, *_: object) -> None:
        self._is_stuck = False
        self._places.release()
