"""The parts of a sandbox put together: a claimed database, a server, and a simulation behind it.

Each is a context manager; :func:`live_sandbox` has all of them in this process.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from ampctl_sandbox.api.app import make_app
from ampctl_sandbox.api.releases import CURRENT, LAST
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database.engine import (
    DatabaseUrl,
    UnfitDatabase,
    is_sqlite,
    make_sqlite_url,
    read_url,
)
from ampctl_sandbox.database.schema import is_made_here
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.simulation.chores import repeat
from ampctl_sandbox.simulation.mix import Mix
from ampctl_sandbox.simulation.population import populate
from ampctl_sandbox.simulation.retries import Retries
from ampctl_sandbox.simulation.scenarios import SCENARIOS, STEADY, Scenario
from ampctl_sandbox.simulation.workers import Simulation
from ampctl_sandbox.web.server import Server

_TICK_S = 0.5
_SHORTEST_TICK_S = 0.02


@contextlib.contextmanager
def claim(url: DatabaseUrl) -> Iterator[None]:
    """Keep a SQLite file for this sandbox until the block ends; other databases can be shared.

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
    # Next to the file, not on it: to close a lock on the file itself would drop SQLite's locks.
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
def bind(
    store: Store,
    *,
    host: str,
    port: int,
    token: str | None,
    scenario: Scenario = STEADY,
) -> Iterator[Server]:
    """Bind a server for ``store``; the caller runs it, and it is closed when the block ends.

    Raises:
        OSError: the address can't be bound.
    """
    release = LAST if scenario.is_last_release else CURRENT
    app = make_app(Service(store, release), token=token, hosts=[host])
    server = Server(app, host=host, port=port)
    try:
        yield server
    finally:
        server.shut_down()


@contextlib.contextmanager
def simulate(
    store: Store,
    *,
    speed: float,
    seed: int = 1,
    scenario: Scenario = STEADY,
    has_workers: bool = True,
    keeps_mix: bool = False,
    retries_everywhere: bool = False,
    end_within_s: float = 60,
) -> Iterator[None]:
    """Retry failed jobs as a controller does, and simulate workers, until the block ends.

    In a database that the sandbox did not create, all is left to those whose it is.

    Args:
        speed: how many times faster than in reality.
        seed: decides all that is random.
        scenario: what becomes of the jobs.
        has_workers: whether there are simulated workers.
        keeps_mix: whether jobs arrive, stop and fail so that the scenario goes on.
        retries_everywhere: retry failed jobs in a database of others, too.
        end_within_s: how long the end waits for a database that is stuck.
    """
    is_ours = is_made_here(store.engine)
    chores = []
    if (is_ours or retries_everywhere) and not scenario.is_last_release:
        chores.append(Retries(store, speed=speed).tick)
    if is_ours and has_workers:
        workers = Simulation(store, speed=speed, seed=seed, down=scenario.down)
        chores.append(workers.tick)
        if keeps_mix:
            mix = Mix(store, scenario, speed=speed, seed=seed)
            workers.is_held = mix.is_held
            chores.append(mix.tick)
    every_s = max(_SHORTEST_TICK_S, _TICK_S / max(1.0, speed))
    with repeat(chores, every_s=every_s, end_within_s=end_within_s):
        yield


@dataclasses.dataclass(frozen=True)
class Sandbox:
    """A running sandbox.

    Attributes:
        url: where it listens, such as ``http://127.0.0.1:40123``.
        store: its database, for builders and for looking behind the API.
        token: the bearer token that it requires, if any.
    """

    url: str
    store: Store
    token: str | None = None


@contextlib.contextmanager
def live_sandbox(
    *,
    database_url: str | None = None,
    token: str | None = None,
    jobs: int = 0,
    workers: bool = False,
    speed: float = 1.0,
    scenario: str = "steady",
    seed: int = 1,
) -> Iterator[Sandbox]:
    """Serve a sandbox on a free port of this machine until the block ends.

    Args:
        database_url: a SQLite file or a PostgreSQL database; a temporary SQLite file if None.
        token: a bearer token that every request must carry.
        jobs: how many jobs to make up beforehand.
        workers: whether simulated workers move the jobs along, and failed jobs are tried again,
            in a database that the sandbox created. Without them a job stays as it was made until
            a request changes it.
        speed: how many times faster than in reality the workers work.
        scenario: which jobs are made up, and how they fare: ``steady``, ``idle``, ``incident`` (a
            provider is down) or ``old`` (a server of the last release).
        seed: decides all that is random; the same jobs are made up for the same seed.

    Yields:
        Where it is, and its database.
    """
    chosen = SCENARIOS[scenario]
    with contextlib.ExitStack() as stack:
        url: DatabaseUrl | None = database_url
        if url is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ampctl-sandbox-"))
            url = make_sqlite_url(Path(folder) / "sandbox.sqlite3")
        stack.enter_context(claim(url))
        store = Store.open(url)
        stack.callback(store.close)
        if jobs:
            populate(store, jobs, scenario=chosen, seed=seed)
        server = stack.enter_context(
            bind(store, host="127.0.0.1", port=0, token=token, scenario=chosen)
        )
        thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.stop)
        if workers:
            stack.enter_context(simulate(store, speed=speed, seed=seed, scenario=chosen))
        yield Sandbox(f"http://127.0.0.1:{server.port}", store, token)
