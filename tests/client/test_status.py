"""What each HTTP status means."""

import pytest

from ampctl.client._call import Call
from ampctl.client._retry import RetryableError
from ampctl.client._status import ErrorBody, build_error, read_error_body
from ampctl.client.hints import HINTS
from ampctl.client.secret import Secret
from ampctl.errors import (
    AccessError,
    ApiError,
    Cause,
    EndpointMissing,
    InvalidAnswer,
    NotFoundError,
    RefusedError,
    ServerError,
)

CALL = Call("GET", "http://localhost:1610/jobs/7", "read job 7")


def error_of(status: int, body: ErrorBody | None = None) -> ApiError:
    failure = build_error(CALL, status, body or ErrorBody())
    return failure.error if isinstance(failure, RetryableError) else failure


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (101, InvalidAnswer),
        (300, InvalidAnswer),
        (304, InvalidAnswer),
        (400, RefusedError),
        (401, AccessError),
        (403, AccessError),
        (404, EndpointMissing),
        (405, RefusedError),
        (409, RefusedError),
        (422, RefusedError),
        (429, ServerError),
        (500, ServerError),
        (502, ServerError),
        (503, ServerError),
        (504, ServerError),
        (599, ServerError),
        (600, InvalidAnswer),
        (999, InvalidAnswer),
    ],
)
def test_each_status_has_one_error(status, kind):
    error = error_of(status)

    assert type(error) is kind
    assert error.status == status
    assert f"the server answered {status}" in error.message


def test_a_404_with_a_code_is_a_missing_thing():
    error = error_of(404, ErrorBody("JOB_NOT_FOUND", "no job 7"))

    assert type(error) is NotFoundError
    assert error.message == "can't read job 7: no job 7"
    assert error.error_code == "JOB_NOT_FOUND"


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (300, Cause.NOT_AN_API),
        (401, Cause.UNAUTHENTICATED),
        (403, Cause.FORBIDDEN),
        (404, Cause.NO_ENDPOINT),
        (409, None),
        (429, Cause.OVERLOADED),
        (500, Cause.SERVER_FAULT),
    ],
)
def test_an_error_carries_its_cause_and_the_hint_of_it(status, cause):
    error = error_of(status)

    assert error.cause is cause
    assert error.hint == (HINTS[cause] if cause else None)


@pytest.mark.parametrize(
    ("status", "is_unprocessed"), [(429, True), (502, False), (503, False), (504, False)]
)
def test_what_passes_may_be_tried_again(status, is_unprocessed):
    failure = build_error(CALL, status, ErrorBody(), retry_after_s=7)

    assert isinstance(failure, RetryableError)
    assert failure.is_unprocessed is is_unprocessed
    assert failure.error.retry_after_s == 7


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"[]",
        b"7",
        b"\xff",
        b"{}",
        b'{"error_code": 7, "error_message": []}',
        b'{"error_code": " "}',
        b"[" * 100_000,
    ],
)
def test_anything_else_is_no_error_body(data):
    assert read_error_body(CALL, data) == ErrorBody()


def test_a_long_message_is_cut():
    body = read_error_body(CALL, b'{"error_code": "X", "error_message": "%s"}' % (b"a" * 10_000))

    assert body.code == "X"
    assert len(body.message or "") == 500


def test_the_token_is_taken_out_before_a_long_message_is_cut():
    call = CALL._replace(token=Secret("SECRETSECRETSECRET"))
    text = b"a" * 490 + b"SECRETSECRETSECRET"
    document = b'{"error_code": "SECRETSECRETSECRET", "error_message": "%s"}' % text

    body = read_error_body(call, document)

    assert body.code == "[redacted]"
    assert "SECRET" not in (body.message or "")
