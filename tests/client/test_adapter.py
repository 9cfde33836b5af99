"""The seam for tests of programs that use the client: an adapter of theirs."""

from __future__ import annotations

import pytest
import requests_mock

from ampctl.client import AdminClient
from ampctl.errors import InvalidAnswer, NotFoundError


@pytest.fixture
def adapter() -> requests_mock.Adapter:
    return requests_mock.Adapter()


@pytest.mark.parametrize("url", ["http://amp.example", "https://amp.example"])
def test_an_adapter_gets_all_requests_with_the_token(
    adapter: requests_mock.Adapter, url: str
) -> None:
    adapter.register_uri("GET", f"{url}/jobs", json={"jobs": []})

    with AdminClient(url, token="secret", allow_http=True, adapter=adapter) as client:
        assert client.get("jobs", action="list jobs").document == {"jobs": []}

    assert adapter.last_request.headers["Authorization"] == "Bearer secret"


def test_statuses_and_redirects_are_judged_as_ever(adapter: requests_mock.Adapter) -> None:
    error = {"error_code": "JOB_NOT_FOUND", "error_message": "No."}
    adapter.register_uri("GET", "http://amp.example/jobs/7", json=error, status_code=404)
    elsewhere = {"Location": "http://other.example/"}
    adapter.register_uri("GET", "http://amp.example/jobs/8", status_code=302, headers=elsewhere)

    with AdminClient("http://amp.example", adapter=adapter) as client:
        with pytest.raises(NotFoundError):
            client.get("jobs", 7, action="read job 7")
        with pytest.raises(InvalidAnswer, match="must not be followed"):
            client.get("jobs", 8, action="read job 8")
