"""Calls that wait for the network while the program does something else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import concurrent.futures

T = TypeVar("T")


def start_call(call: Callable[[], T]) -> concurrent.futures.Future[T]:
    """Start ``call`` on a thread of its own, and return its outcome to come.

    Two threads that both compute only wait for each other, so it should wait for the network
    alone: :meth:`AdminClient.fetch <ampctl.client.AdminClient.fetch>` decodes nothing.
    """
    # Imported here: most commands send one request.
    from concurrent.futures import Future

    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - it is raised where the outcome is awaited
            future.set_exception(error)

    # A daemon: a program that ends need not wait for a response that it will not use.
    threading.Thread(target=run, name="ampctl request", daemon=True).start()
    return future
