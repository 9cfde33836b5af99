"""What is tried again, how often, and after which wait."""

import datetime
import logging

import pytest

from ampctl.client import AdminClient
from ampctl.client._retry import RetryBudget, parse_retry_after
from ampctl.errors import ConnectError, ConnectionLost, NotFoundError, ServerError, UsageError

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)


def close(connection):
    """Take the request and hang up."""


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_a_passing_fault_is_tried_again(serve, connect, answer, sleeps, status, method):
    server = serve(answer({}, status), close, answer({}))

    assert getattr(connect(server.url), method)("jobs", action="try").document == {}
    assert sleeps == [0.25, 0.5]
    assert len(set(server.requests)) == 1
    assert len(server.requests) == 3


def test_a_fault_of_the_server_is_tried_again_for_reading(serve, connect, answer, sleeps):
    server = serve(answer({}, 500), answer({}))

    assert connect(server.url).get("jobs", action="list jobs").document == {}
    assert sleeps == [0.25]


@pytest.mark.parametrize("method", ["put", "delete"])
def test_a_fault_of_the_server_is_final_for_a_change(serve, connect, answer, sleeps, method):
    server = serve(answer({}, 500), answer({}))

    with pytest.raises(ServerError):
        getattr(connect(server.url), method)("jobs", 7, action="change job 7")
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 501, 505])
def test_other_faults_are_final(serve, connect, answer, sleeps, status):
    server = serve(answer({}, status, Retry_After="1"))

    with pytest.raises(Exception, match="can't try"):
        connect(server.url).get("jobs", action="try")
    assert sleeps == []
    assert len(server.requests) == 1


def test_attempts_are_retries_and_one(serve, connect, answer, sleeps):
    server = serve(*[answer({}, 503)] * 9)

    with pytest.raises(ServerError):
        connect(server.url).get("jobs", action="list jobs")
    assert len(server.requests) == 4
    with pytest.raises(ServerError):
        connect(server.url, retries=0).get("jobs", action="list jobs")
    assert len(server.requests) == 5


def test_negative_retries_are_refused(connect):
    with pytest.raises(UsageError):
        connect(retries=-1)


def test_backoff_doubles_up_to_eight_seconds(serve, connect, answer, sleeps):
    server = serve(*[answer({}, 503)] * 9)

    with pytest.raises(ServerError):
        connect(server.url, retries=7, random=lambda: 1.0).get("jobs", action="list jobs")
    assert sleeps == [0.5, 1, 2, 4, 8, 8, 8]


def test_jitter_is_full(serve, connect, answer, sleeps):
    server = serve(answer({}, 503), answer({}))

    connect(server.url, random=lambda: 0.0).get("jobs", action="list jobs")
    assert sleeps == [0]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(serve, connect, answer, sleeps, status):
    server = serve(answer({}, status, Retry_After="7"), answer({}))

    connect(server.url).get("jobs", action="list jobs")
    assert sleeps == [7]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_asks_for_a_long_wait_is_not_asked_again(
    serve, connect, answer, sleeps, status
):
    server = serve(answer({}, status, Retry_After="61"), answer({}))

    with pytest.raises(ServerError, match="the server asks to wait 61 s") as caught:
        connect(server.url).get("jobs", action="list jobs")

    assert sleeps == []
    assert caught.value.retry_after_s == 61


def test_a_wait_of_a_minute_is_waited(serve, connect, answer, sleeps):
    server = serve(answer({}, 503, Retry_After="60"), answer({}))

    connect(server.url).get("jobs", action="list jobs")
    assert sleeps == [60]


def test_a_date_in_retry_after_counts_from_the_wall_clock(serve, connect, answer, sleeps):
    soon, long_ago = "Sun, 01 Mar 2026 12:00:30 GMT", "Fri, 02 Jan 1970 00:00:00 GMT"
    dates = [answer({}, 503, Retry_After=date) for date in (soon, long_ago)]
    server = serve(dates[0], answer({}), dates[1], answer({}))

    connect(server.url).get("jobs", action="list jobs")
    with AdminClient(server.url, sleep=sleeps) as client:
        client.get("jobs", action="list jobs")

    assert sleeps == [30, 0]


@pytest.mark.parametrize(
    "header", ["abc", "-5", "1.5", "9" * 5000, "Fri, 01 Jan 99999 00:00:00 GMT"]
)
def test_a_retry_after_that_makes_no_sense_is_ignored(serve, connect, answer, sleeps, header):
    server = serve(answer({}, 503, Retry_After=header), answer({}))

    assert connect(server.url).get("jobs", action="list jobs").document == {}
    assert sleeps == [0.25]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        (" 7 ", 7),
        ("60", 60),
        ("21600", 21600),
        ("999999999", 999999999),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30),
        ("Sun Mar  1 12:00:30 2026", 30),
        ("Sun, 01 Mar 2026 18:00:00 GMT", 6 * 3600),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("", None),
        ("abc", None),
        ("-5", None),
        ("+5", None),
        ("1.5", None),
        ("1e3", None),
        ("1_0", None),
        ("１２", None),
        ("5 000", None),
        ("9" * 5000, None),
        ("Fri, 01 Jan 99999 00:00:00 GMT", None),
        ("Sun, 99 Mar 2026 12:00:30 GMT", None),
        ("Sun, 01 Mar 2026 12:00:30 +9999999999", None),
        ("Sun, 01 Mar " + "9" * 5000 + " 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_whole_seconds_or_a_date(header, seconds):
    assert parse_retry_after(header, NOW) == seconds


def test_what_must_not_be_done_twice_is_tried_again_only_if_it_was_not_done(
    serve, connect, answer, sleeps
):
    def prune(client):
        client.delete("jobs", params={"status": "error"}, action="prune", replayable=False)

    server = serve(answer({}, 429), answer(b"", 204), close, answer({}, 503), answer(b"", 204))
    client = connect(server.url)

    prune(client)
    assert len(server.requests) == 2
    with pytest.raises(ConnectionLost):
        prune(client)
    with pytest.raises(ServerError):
        prune(client)
    assert len(server.requests) == 4
    assert len(sleeps) == 1


def missing(answer):
    return answer({"error_code": "JOB_NOT_FOUND", "error_message": "no job 7"}, 404)


def test_a_removal_sent_again_after_a_lost_reply_finds_nothing_to_remove(serve, connect, answer):
    server = serve(close, missing(answer))

    response = connect(server.url).delete("jobs", 7, action="remove job 7")

    assert (response.document, response.status) == (None, 404)


@pytest.mark.parametrize(
    ("method", "first"), [("delete", None), ("delete", 429), ("put", 502)], ids=str
)
def test_any_other_404_is_a_missing_thing(serve, connect, answer, method, first):
    server = serve(*[answer({}, first)] * (first is not None), missing(answer))

    with pytest.raises(NotFoundError):
        getattr(connect(server.url), method)("jobs", 7, action="change job 7")


def test_a_change_that_may_be_done_stays_in_doubt_when_the_server_is_gone(serve, connect, answer):
    server = serve(close, answer({}, 429))

    with pytest.raises(ConnectionLost, match="may have done it all the same") as caught:
        connect(server.url, retries=1).delete("jobs", 7, action="remove job 7")
    assert isinstance(caught.value.__cause__, ServerError)


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_without_an_answer_leaves_a_change_in_doubt(serve, connect, answer, status):
    server = serve(answer({}, status), answer({}, status))
    client = connect(server.url, retries=0)

    with pytest.raises(ServerError, match="may have done it all the same"):
        client.put("jobs", 7, "stop", action="stop job 7")
    with pytest.raises(ServerError) as caught:
        client.get("jobs", 7, action="read job 7")
    assert "may have done" not in caught.value.message


def test_no_connection_is_tried_again_even_for_what_must_not_be_done_twice(
    connect, sleeps, unused_url
):
    with pytest.raises(ConnectError, match="connection refused"):
        connect(unused_url).delete("jobs", action="prune", replayable=False)
    assert len(sleeps) == 3


def test_a_sick_server_exhausts_the_budget_of_the_client(serve, connect, answer, sleeps):
    server = serve(*[answer({}, 503)] * 99)
    client = connect(server.url)

    for _ in range(10):
        with pytest.raises(ServerError):
            client.get("jobs", action="list jobs")
    assert len(sleeps) == 20
    assert len(server.requests) == 10 + 20


def test_requests_that_succeed_allow_retries_again(serve, connect, answer, sleeps):
    sick, well = answer({}, 503), answer({})
    server = serve(*[sick] * 21, *[well] * 6, sick, well)
    client = connect(server.url, retries=20)

    with pytest.raises(ServerError):
        client.get("jobs", action="list jobs")
    for _ in range(7):
        assert client.get("jobs", action="list jobs").document == {}
    assert len(sleeps) == 20 + 1


def test_success_refills_the_budget_slowly_and_not_past_its_size():
    budget = RetryBudget(2, refill=0.5)
    budget.give_back()

    assert [budget.take(), budget.take(), budget.take()] == [True, True, False]
    budget.give_back()
    assert not budget.take()
    budget.give_back()
    assert budget.take()
    assert not budget.take()


def test_a_retry_is_logged(serve, connect, answer, caplog):
    caplog.set_level(logging.INFO, "ampctl.client")
    error = {"error_message": "busy"}
    server = serve(answer(error, 503), answer(error, 429, Retry_After="5"), answer({}))

    connect(server.url).get("jobs", action="list jobs")

    assert [(r.levelname, r.getMessage()) for r in caplog.records if r.name == "ampctl.client"] == [
        ("INFO", "can't list jobs: busy; trying again in 0.2 s (attempt 2 of 4)"),
        ("WARNING", "can't list jobs: busy; trying again in 5.0 s (attempt 3 of 4)"),
    ]
