"""A sandbox as a whole: the database that it claims, and the server in front of it."""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from ampctl_sandbox.engine import UnfitDatabase
from ampctl_sandbox.http import make_app
from ampctl_sandbox.server import Server
from ampctl_sandbox.service import Service
from ampctl_sandbox.store import Store


@contextlib.contextmanager
def claimed(url: str) -> Iterator[None]:
    """Keep a SQLite file for this sandbox until the block ends; nothing for other databases.

    Raises:
        UnfitDatabase: another sandbox has it, or its folder can't be written.
    """
    database = sa.make_url(url).database
    if not url.startswith("sqlite") or not database:
        yield
        return
    # Beside the file, not on it: closing a lock of ours would drop SQLite's own.
    path = Path(f"{database}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("a")
    except OSError as error:
        raise UnfitDatabase(f"{path} can't be written: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UnfitDatabase(f"another sandbox is using {database}") from None
        yield


@contextlib.contextmanager
def serving(store: Store, *, host: str, port: int, token: str | None) -> Iterator[Server]:
    """Bind a server for ``store``; the caller runs it, and it is closed when the block ends.

    Raises:
        OSError: the address can't be bound.
    """
    names = {host} if is_loopback(host) else {host, socket.gethostname(), socket.getfqdn()}
    server = Server(make_app(Service(store), token=token, hosts=names), host=host, port=port)
    try:
        yield server
    finally:
        server.shut()


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
