"""Who may call: by name, and with the token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ampctl_sandbox.api.app import make_app
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.testing import Sandbox, live_sandbox
from tests.sandbox.http_calls import assert_error, call

TOKEN = "se-cret~1"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Sandbox]:
    """A sandbox that requires a token."""
    with live_sandbox(token=TOKEN) as found:
        yield found


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:1610",
        "localhost.evil.example",
        "evillocalhost",
        "localhost..",
        "127.0.0.1.evil.example",
        "127.1",
    ],
)
def test_a_foreign_host_is_refused(shared: Sandbox, host: str) -> None:
    answer = call(shared, "GET", "/jobs", headers={"Host": host})

    assert_error(answer, 421, "HOST_NOT_ALLOWED")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:1",
        "localhost.",
        "localhost:",
        "amp.localhost",
        "amp.localhost.:1610",
        "127.0.0.1",
        "192.0.2.7:80",
        "[::1]:1610",
    ],
)
def test_names_that_no_one_can_point_elsewhere_are_accepted(shared: Sandbox, host: str) -> None:
    assert call(shared, "GET", "/jobs", headers={"Host": host}).status_code == 200


def test_the_name_that_the_server_was_given_is_accepted(shared: Sandbox) -> None:
    client = make_app(Service(shared.store), hosts=["Amp.Example"]).test_client()

    assert client.get("/jobs", headers={"Host": "amp.example.:80"}).status_code == 200
    assert client.get("/jobs", headers={"Host": "x.amp.example"}).status_code == 421


def test_no_other_origin_may_read_a_response(shared: Sandbox) -> None:
    answer = call(shared, "GET", "/jobs", headers={"Origin": "http://evil.example"})

    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer sécret".encode("latin-1"),
        b"Bearer \xff\xfe",
    ],
)
@pytest.mark.parametrize("path", ["/jobs", "/openapi.json", "/no/such/path"])
def test_without_the_token_nothing_is_shown(
    guarded: Sandbox, path: str, authorization: Any
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = call(guarded, "GET", path, headers=headers)

    assert_error(answer, 401, "UNAUTHORIZED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert TOKEN not in answer.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_with_the_token_everything_is_shown(guarded: Sandbox, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {TOKEN}"}

    assert call(guarded, "GET", "/jobs", headers=headers).status_code == 200
    assert call(guarded, "POST", "/jobs", headers=headers).status_code == 405
