"""The client as its callers see it."""

import datetime
import subprocess
import sys

import pytest

import ampctl.client
import ampctl.errors
from ampctl.client import AdminClient, Response, Timeouts
from ampctl.errors import EndpointMissing, InvalidAnswer, NotFoundError, RefusedError, UsageError

UTC = datetime.UTC


def test_the_package_offers_its_names():
    errors = {
        name for name in dir(ampctl.errors) if is_error_of_a_client(getattr(ampctl.errors, name))
    }

    assert (
        set(ampctl.client.__all__)
        == {
            "AdminClient",
            "Cause",
            "Response",
            "Secret",
            "Timeouts",
        }
        | errors
    )
    assert all(hasattr(ampctl.client, name) for name in ampctl.client.__all__)


def is_error_of_a_client(value):
    bases = (ampctl.errors.AmpError, ampctl.errors.UsageError)
    return value in bases or (isinstance(value, type) and issubclass(value, ampctl.errors.ApiError))


def test_the_client_imports_nothing_of_the_command_line():
    code = "import sys, ampctl.client; print(*sorted(m.partition('.')[0] for m in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not {"cliff", "stevedore", "rich", "yaml", "marshmallow"} & set(run.stdout.split())


def test_get_gives_the_document(api):
    api.on("GET", "/jobs?limit=5", {"jobs": [], "extra": None})

    with AdminClient() as client:
        answer = client.get("jobs", params={"limit": 5}, action="list jobs")

    assert answer == Response(
        {"jobs": [], "extra": None}, 200, "GET http://localhost:1610/jobs?limit=5"
    )


@pytest.mark.parametrize(
    ("header", "date"),
    [
        ("Sun, 01 Mar 2026 12:00:07 GMT", datetime.datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 14:00:07 +0200", datetime.datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 12:00:07 -0000", datetime.datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC)),
        ("yesterday", None),
        ("Fri, 31 Dec 9999 23:00:00 -2300", None),
    ],
)
def test_a_response_tells_the_clock_of_the_server(api, connect, header, date):
    api.on("GET", "/jobs", {}, headers={"Date": header})

    assert connect().get("jobs", action="list jobs").date == date
    assert connect().fetch("jobs", action="list jobs")().date == date


def test_a_server_need_not_tell_its_clock(api, connect):
    api.on("GET", "/jobs", {})

    assert connect().get("jobs", action="list jobs").date is None


def test_put_and_delete_take_an_empty_body(api):
    api.on("PUT", "/jobs/7/stop")
    api.on("DELETE", "/jobs/7", status=204)

    with AdminClient() as client:
        stopped = client.put("jobs", 7, "stop", action="stop job 7")
        removed = client.delete("jobs", 7, action="remove job 7")

    assert (stopped.document, stopped.status) == (None, 200)
    assert (removed.document, removed.status) == (None, 204)


def test_delete_sends_its_parameters(api, connect):
    api.on("DELETE", "/jobs?status=error", status=204)

    connect().delete("jobs", params={"status": "error"}, action="prune jobs")

    assert api.requests == ["DELETE /jobs?status=error"]


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_a_failure_says_what_was_being_done(api, connect, method):
    api.error(method.upper(), "/jobs/7", 409, "JOB_CONFLICT", "it runs")

    with pytest.raises(RefusedError, match=r"^can't try job 7: it runs$"):
        getattr(connect(), method)("jobs", 7, action="try job 7")


def test_put_gives_the_document_if_there_is_one(api):
    api.on("PUT", "/jobs/7/stop", {"id": 7})

    with AdminClient() as client:
        assert client.put("jobs", 7, "stop", action="stop job 7").document == {"id": 7}


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    "body",
    [
        '{"error_code": "JOB_CONFLICT", "error_message": "job 7 is running"}',
        '{"error": "down for maintenance"}',
        '{"errors": [{"status": 500}]}',
        '"OK"',
        "[]",
        "7",
        "OK",
        "{",
    ],
)
def test_a_success_with_an_error_or_a_text_in_it_does_not_confirm_a_change(
    api, connect, method, body
):
    api.on(method, "/jobs/7", text=body)

    with pytest.raises(InvalidAnswer, match="the server may have done it all the same") as caught:
        getattr(connect(), method.lower())("jobs", 7, action="remove job 7")
    assert caught.value.status == 200
    assert ("job 7 is running" in caught.value.message) == ("job 7 is running" in body)


@pytest.mark.parametrize("body", ["", "null", "{}", '{"error": null}'])
def test_a_change_is_confirmed_by_nothing_or_an_object(api, connect, body):
    api.on("DELETE", "/jobs/7", text=body)

    connect().delete("jobs", 7, action="remove job 7")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_part_of_an_answer_is_refused(api, connect, method):
    api.on(method, "/jobs", {"jobs": []}, status=206)

    with pytest.raises(InvalidAnswer, match="a part of an answer"):
        getattr(connect(), method.lower())("jobs", action="list jobs")


@pytest.mark.parametrize("status", [200, 204])
def test_get_wants_a_document(api, connect, status):
    api.on("GET", "/jobs", status=status)

    with pytest.raises(InvalidAnswer, match="answered with an empty body"):
        connect().get("jobs", action="list jobs")


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_a_web_page_is_no_response(api, connect, method):
    page = {"text": "<html>", "headers": {"Content-Type": "Text/HTML; charset=utf-8"}}
    api.on(method.upper(), "/jobs", **page)

    with pytest.raises(InvalidAnswer, match="text/html instead of JSON") as caught:
        getattr(connect(), method)("jobs", action="list jobs")
    assert "Admin API" in (caught.value.hint or "")


def test_what_is_not_strict_json_is_no_response(api, connect):
    api.on("GET", "/jobs", text='{"a": NaN}')

    with pytest.raises(InvalidAnswer, match="not proper JSON: it holds NaN") as caught:
        connect().get("jobs", action="list jobs")
    assert caught.value.facts == "HTTP 200, GET http://localhost:1610/jobs"


def test_404_tells_a_missing_job_from_a_missing_endpoint(api, connect):
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")
    api.on("GET", "/jobs/7/events", status=404)

    with pytest.raises(NotFoundError):
        connect().get("jobs", 7, action="read job 7")
    with pytest.raises(EndpointMissing):
        connect().get("jobs", 7, "events", action="list events")


def test_a_bad_path_is_refused_before_anything_is_sent(api, connect):
    with pytest.raises(UsageError):
        connect().delete("jobs", "..", action="remove job")
    assert api.requests == []


def test_the_url_and_no_secret_is_shown(connect):
    client = connect("http://localhost:1610/admin/", token="SECRET")

    assert repr(client) == "AdminClient('http://localhost:1610/admin')"


@pytest.mark.parametrize("limit", [0, -1, float("inf"), float("nan"), 86401])
@pytest.mark.parametrize("name", ["connect_s", "read_s", "total_s"])
def test_timeouts_are_positive_and_finite(name, limit):
    with pytest.raises(UsageError, match=name):
        Timeouts(**{name: limit})


@pytest.mark.parametrize("limit", ["5", None, True])
def test_timeouts_are_numbers(limit):
    with pytest.raises(TypeError, match="total_s must be a number"):
        Timeouts(total_s=limit)


@pytest.mark.parametrize(
    "arguments",
    [
        {"base_url": None},
        {"base_url": b"http://localhost"},
        {"token": b"SECRET"},
        {"timeouts": 5},
        {"retries": "3"},
        {"retries": True},
        {"ca_file": b"ca.pem"},
        {"verify": "ca.pem"},
        {"allow_http": "no"},
        {"proxies": "http://proxy"},
    ],
    ids=str,
)
def test_arguments_of_another_type_are_refused(arguments):
    (name,) = arguments

    with pytest.raises(TypeError, match=f"{name} must be") as caught:
        AdminClient(**arguments)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "details"),
    [
        ((7.0,), {}),
        ((None,), {}),
        ((True,), {}),
        ((b"7",), {}),
        ((), {"params": {"limit": None}}),
        ((), {"params": {"limit": [5]}}),
        ((), {"params": "limit=5"}),
        ((), {"action": None}),
    ],
    ids=str,
)
def test_a_request_of_another_type_is_not_sent(api, connect, path, details):
    with pytest.raises(TypeError, match="must be"):
        connect().get("jobs", *path, **{"action": "list jobs", **details})
    assert api.requests == []


def test_timeouts_have_defaults():
    assert Timeouts() == Timeouts(connect_s=5, read_s=30, total_s=60)


def test_what_was_fetched_is_decoded_when_it_is_asked_for(serve, answer, connect) -> None:
    with serve(answer({"a": 1}), answer(b"{")) as server, connect(server.url) as client:
        good = client.fetch("jobs", action="list jobs")
        bad = client.fetch("jobs", action="list jobs")

        assert (good().document, good().status) == ({"a": 1}, 200)
        with pytest.raises(InvalidAnswer, match="that is not proper JSON"):
            bad()
