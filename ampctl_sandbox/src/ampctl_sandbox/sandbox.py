"""A sandbox as a whole: the database that it claims, the server in front, and who works behind."""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
from collections.abc import Iterator
from pathlib import Path

from ampctl_sandbox.api.app import make_app
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database.engine import UnfitDatabase, is_sqlite, read_url
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.simulation.chores import repeating
from ampctl_sandbox.simulation.retries import Retries
from ampctl_sandbox.simulation.workers import Simulation
from ampctl_sandbox.web.server import Server

_TICK_S = 0.5
_SHORTEST_TICK_S = 0.02


@contextlib.contextmanager
def claimed(url: str) -> Iterator[None]:
    """Keep a SQLite file for this sandbox until the block ends; nothing for other databases.

    Raises:
        UnfitDatabase: another sandbox has it, it has a second name, or its folder is not there
            or can't be written.
    """
    parsed = read_url(url)
    if not is_sqlite(parsed):
        yield
        return
    database = Path(parsed.database or "").resolve()
    _refuse_second_names(database)
    # Beside the file, not on it: closing a lock of ours would drop SQLite's own.
    path = Path(f"{database}.lock")
    try:
        lock = path.open("a")
    except OSError as error:
        raise UnfitDatabase(f"{path} can't be written: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UnfitDatabase(f"another sandbox is using {database}") from None
        yield


def _refuse_second_names(database: Path) -> None:
    # SQLite names its log after the file: under two names there are two logs, and data is lost.
    if database.exists() and database.stat().st_nlink > 1:
        raise UnfitDatabase(f"{database} has a second name (a hard link)")


@contextlib.contextmanager
def serving(store: Store, *, host: str, port: int, token: str | None) -> Iterator[Server]:
    """Bind a server for ``store``; the caller runs it, and it is closed when the block ends.

    Raises:
        OSError: the address can't be bound.
    """
    server = Server(make_app(Service(store), token=token, hosts=[host]), host=host, port=port)
    try:
        yield server
    finally:
        server.shut()


@contextlib.contextmanager
def played(store: Store, *, speed: float, has_workers: bool = True) -> Iterator[None]:
    """Play the controller's part behind the API, and the workers' if asked, until the block ends.

    Args:
        speed: how many times faster than in real life.
        has_workers: whether there are simulated workers.
    """
    chores = [Retries(store, speed=speed).tick]
    if has_workers:
        chores.append(Simulation(store, speed=speed).tick)
    every_s = max(_SHORTEST_TICK_S, _TICK_S / max(1.0, speed))
    with repeating(chores, every_s=every_s):
        yield


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can connect to ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def base_url(host: str, port: int) -> str:
    """Return the URL that a client on this machine uses."""
    wildcards = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound here
    host = wildcards.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
