"""What went wrong in an endpoint, as the refusal that a client gets."""

from __future__ import annotations

import functools
import logging
import secrets
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import sqlalchemy as sa

from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.database.engine import is_unavailable

RETRY_AFTER_S = 1

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)


def fail_as(error_code: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a view that fails unexpectedly be answered with ``error_code``."""

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(view)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return view(*args, **kwargs)
            except Refusal:
                raise
            except Exception as error:
                raise explain(error, error_code) from error

        return run

    return decorate


def explain(error: Exception, error_code: str) -> Refusal:
    """Log an unexpected failure, and return the refusal that tells a client no more than needed."""
    if isinstance(error, sa.exc.SQLAlchemyError) and is_unavailable(error):
        logger.warning("the database is busy or away: %s", type(error).__name__)
        return make_unavailable()
    # What went wrong is for the log; the client only gets a number to ask about.
    number = secrets.token_hex(8)
    logger.error("unexpected failure %s", number, exc_info=error)
    return Refusal(500, error_code, f"the server failed unexpectedly; failure {number}")


def make_unavailable() -> Refusal:
    """Return the refusal of a request that may succeed a little later."""
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return Refusal(503, "DATABASE_UNAVAILABLE", "the database is busy or away", headers)
