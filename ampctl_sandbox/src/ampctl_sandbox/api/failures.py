"""What went wrong in an endpoint, as the refusal that a client gets."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Iterator

import sqlalchemy as sa

from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.database.engine import is_unavailable

RETRY_AFTER_S = 1

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def fail_as(error_code: str) -> Iterator[None]:
    """Let what fails unexpectedly in the block, or in a view, be answered with ``error_code``."""
    try:
        yield
    except Refusal:
        raise
    except Exception as error:
        raise explain(error, error_code) from error


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
