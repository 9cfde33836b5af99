"""Which database a command works on, and its failures as errors that a person understands."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ampctl.plugin import UnavailableError, UsageError
from ampctl_sandbox.database.engine import (
    DatabaseUrl,
    UnfitDatabase,
    is_sqlite,
    make_sqlite_url,
    read_url,
    show_url,
)
from ampctl_sandbox.database.store import Store

if TYPE_CHECKING:
    import argparse

    from ampctl.plugin import Runtime


def add_database_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--database-url``."""
    parser.add_argument(
        "--database-url",
        metavar="URL",
        help="sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME "
        "(default: a SQLite file in the user's state folder)",
    )


def choose_database(
    args: argparse.Namespace, runtime: Runtime, *, makes_folder: bool = False
) -> DatabaseUrl:
    """Return the URL given, or that of the user's own SQLite file.

    Args:
        makes_folder: create the user's own folder; a folder that the user names must be there.

    Raises:
        UsageError: the user's own folder can't be used.
    """
    given: str | None = args.database_url
    if given is not None:
        return given
    folder = _find_state_folder(runtime)
    if makes_folder:
        _make_folder(folder)
    return make_sqlite_url(folder / "sandbox.sqlite3")


def _find_state_folder(runtime: Runtime) -> Path:
    try:
        folder = runtime.state_folder()
    except RuntimeError as error:
        raise _make_folder_error(str(error)) from error
    # Older versions of platformdirs answer with "~" where there is no home.
    if not folder.is_absolute():
        raise _make_folder_error(f"{folder} is not an absolute path")
    return folder


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _make_folder_error(f"{folder}: {error.strerror}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _make_folder_error(f"{folder} can't be written")


def _make_folder_error(reason: str) -> UsageError:
    return UsageError(
        f"can't use the state folder: {reason}",
        hint="another folder with XDG_STATE_HOME, or another database with --database-url",
    )


@contextlib.contextmanager
def open_or_create(url: DatabaseUrl) -> Iterator[Store]:
    """Open a database until the block ends; create a SQLite file and the tables if need be."""
    store = Store.open(url)
    try:
        yield store
    finally:
        store.close()


@contextlib.contextmanager
def open_existing(url: DatabaseUrl) -> Iterator[Store]:
    """Open a database that is there already, until the block ends.

    Raises:
        UsageError: there is no such file.
    """
    parsed = read_url(url)
    if is_sqlite(parsed) and not Path(parsed.database or "").exists():
        raise UsageError(f"{show_url(url)} does not exist", hint="ampctl sandbox up")
    with open_or_create(url) as store:
        yield store


@contextlib.contextmanager
def explain_failures() -> Iterator[None]:
    """Turn failures of the database into errors with a message and a next step.

    Raises:
        UsageError: the database can't be used as it is.
        UnavailableError: it can't be reached, or failed.
    """
    try:
        yield
    except UnfitDatabase as error:
        raise UsageError(
            f"can't use the database: {error}", hint="another one, with --database-url"
        ) from error
    except sa.exc.SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        reason = (str(cause).strip() or type(cause).__name__).splitlines()[0]
        raise UnavailableError(
            f"the database failed: {reason}", hint="check that it runs and that you may use it"
        ) from error
