"""A server that does not answer is not asked a thousand times."""

import contextlib

import pytest

from ampctl.client import GivenUp
from ampctl.errors import AmpError, Cause, ConnectError, ServerError, UnavailableError


class Clock:
    """A monotonic clock that a test moves on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def close(connection):
    """Take the request and hang up."""


def ask(client):
    client.get("jobs", action="list jobs")


def test_a_dead_server_is_given_up_after_three_requests(connect, unused_url, sleeps):
    client = connect(unused_url, retries=1)

    for _ in range(3):
        with pytest.raises(ConnectError):
            ask(client)
    for _ in range(997):
        with pytest.raises(GivenUp, match="not sent, since 3 requests in a row") as caught:
            ask(client)

    assert len(sleeps) == 3
    assert isinstance(caught.value, UnavailableError)
    assert "refused" in str(caught.value)  # what the requests before it met
    assert (caught.value.cause, caught.value.is_loopback) == (Cause.REFUSED, True)


@pytest.mark.parametrize("step", [close, 502, 504], ids=["closes", "502", "504"])
def test_a_server_that_does_not_answer_is_given_up(serve, connect, answer, step):
    step = answer({}, step) if isinstance(step, int) else step
    server = serve(*[step] * 9)
    client = connect(server.url, retries=0)

    for _ in range(5):
        with pytest.raises(UnavailableError):
            ask(client)
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [200, 404, 500, 503])
def test_an_answer_of_any_kind_is_a_sign_of_life(serve, connect, answer, status):
    server = serve(close, close, answer({}, status), close, close, close, answer({}))
    client = connect(server.url, retries=0)

    for _ in range(9):
        with contextlib.suppress(AmpError):
            ask(client)
    assert len(server.requests) == 6


def test_a_server_is_asked_again_after_five_seconds(serve, connect, answer):
    server = serve(close, close, close, close, answer({}), answer({}))
    clock = Clock()
    client = connect(server.url, retries=0, monotonic=clock)

    for now, count in [(0, 1), (0, 2), (0, 3), (4.9, 3), (5, 4), (9.9, 4), (10, 5), (10, 6)]:
        clock.now = now
        with contextlib.suppress(UnavailableError):
            ask(client)
        assert len(server.requests) == count


def test_a_server_that_answers_with_faults_is_not_given_up(serve, connect, answer):
    server = serve(*[answer({}, 503)] * 9)
    client = connect(server.url, retries=0)

    for _ in range(9):
        with pytest.raises(ServerError):
            ask(client)
    assert len(server.requests) == 9
