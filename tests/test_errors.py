"""The error tree."""

from __future__ import annotations

import ampctl.errors
from ampctl.errors import (
    AmpError,
    ApiError,
    ExitCode,
    NotFoundError,
    PartialFailure,
    RefusedError,
)


def test_every_error_has_one_of_the_documented_exit_codes() -> None:
    classes = [
        value
        for value in vars(ampctl.errors).values()
        if isinstance(value, type) and issubclass(value, AmpError)
    ]

    assert {cls.exit_code for cls in classes} <= set(ExitCode)


def test_failures_of_one_kind_keep_their_code() -> None:
    assert PartialFailure([NotFoundError("a"), NotFoundError("b")]).exit_code == 3


def test_mixed_failures_end_with_1() -> None:
    assert PartialFailure([NotFoundError("a"), RefusedError("b")]).exit_code == 1


def test_facts_hold_what_is_known_of_a_request() -> None:
    error = ApiError("no", request="GET http://h/jobs", status=500, error_code="LIST_JOBS_ERROR")

    assert error.facts == "LIST_JOBS_ERROR, HTTP 500, GET http://h/jobs"
    assert ApiError("no").facts is None
