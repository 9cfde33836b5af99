"""Work whose failure must not end other work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import sqlalchemy as sa

from ampctl_sandbox.database.engine import is_unavailable

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)


class Attempts:
    """Does pieces of work by name, and logs each failure once while it lasts."""

    def __init__(self) -> None:
        self._failures: dict[str, str] = {}

    def do(self, name: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what ``work`` returns; None if it fails.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is busy or unreachable, so that there is
                no point in going on.
        """
        try:
            result = work(*args, **kwargs)
        except Exception as error:
            if isinstance(error, sa.exc.SQLAlchemyError) and is_unavailable(error):
                raise
            failure = f"{type(error).__name__}: {error}"
            if self._failures.get(name) != failure:
                logger.exception("%s failed and is tried again: %s", name, failure)
            self._failures[name] = failure
            return None
        self._failures.pop(name, None)
        return result
