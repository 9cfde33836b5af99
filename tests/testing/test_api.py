"""The stub of the API, and how tests fail."""

from __future__ import annotations

import pytest
import requests

from ampctl.testing import Api, invoke, stubbed_api


def test_a_request_that_nobody_foresaw_fails_by_name() -> None:
    def run() -> None:
        with stubbed_api():
            told = invoke("job", "list", expect=1).stderr
            assert "unexpected request: GET http://localhost:1610/jobs" in told

    with pytest.raises(AssertionError, match=r"unexpected requests: GET .*/jobs"):
        run()


@pytest.mark.parametrize("words", [["job", "list"], ["job", "stop", "7"]], ids=" ".join)
def test_without_the_stub_no_real_api_is_asked(words: list[str]) -> None:
    with pytest.raises(AssertionError, match=r"unexpected requests: GET http://localhost:1610/"):
        invoke(*words, expect=None)


def test_an_api_that_is_named_is_asked_without_the_stub(unused_url: str) -> None:
    named = ["--admin-url", unused_url, "--retries", "0"]

    assert "refused" in invoke("job", "list", *named, expect=5).stderr
    assert (
        "refused" in invoke("job", "list", environ={"AMP_ADMIN_URL": unused_url}, expect=5).stderr
    )


def test_an_answer_that_nobody_asked_for_fails_by_name() -> None:
    with pytest.raises(AssertionError, match="never requested: GET /jobs"), stubbed_api() as api:
        api.on("GET", "/jobs")


def test_an_option_that_the_stub_does_not_know_is_refused(amp_api: Api) -> None:
    with pytest.raises(TypeError, match="state"):
        amp_api.on("GET", "/jobs", state=404)
    with pytest.raises(TypeError, match="exclude each other"):
        amp_api.on("GET", "/jobs", {}, text="no")


def test_documents_come_with_the_headers_of_the_stub(amp_api: Api) -> None:
    amp_api.on("GET", "/x", {}, status=503, headers={"Retry-After": "1"})

    answer = requests.get(f"{amp_api.url}/x", timeout=1)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


def test_a_stub_can_raise_what_requests_raises(amp_api: Api) -> None:
    amp_api.on("GET", "/jobs?limit=50&status=all", exc=requests.ConnectionError("refused"))

    assert "can't" in invoke("job", "list", "-s", "all", "--retries", "0", expect=5).stderr


def test_answers_come_in_turn_and_the_last_one_stays(amp_api: Api) -> None:
    amp_api.on("GET", "/x", 1, 2)

    url = f"{amp_api.url}/x"
    assert [requests.get(url, timeout=60).json() for _ in range(3)] == [1, 2, 2]
    assert amp_api.requests == ["GET /x"] * 3


def test_another_exit_code_than_expected_fails_with_both_streams() -> None:
    with pytest.raises(AssertionError, match=r"2, not 0\n--- stdout ---\n--- stderr ---\n.*is not"):
        invoke("nope")


@pytest.mark.parametrize("asked", ["/Jobs?status=error", "/jobs?status=ERROR"])
def test_a_request_in_other_letters_is_another_request(asked: str) -> None:
    def ask() -> None:
        with stubbed_api() as api:
            api.on("GET", "/jobs?status=error")
            requests.get(api.url + asked, timeout=1)

    with pytest.raises(AssertionError, match="unexpected request: GET"):
        ask()
