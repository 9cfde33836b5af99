"""The next step that a person is told: in terms of options, variables and where a value is from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ampctl.client
from ampctl.client import AdminClient
from ampctl.client.hints import HINTS
from ampctl.errors import AmpError, ApiError, Cause, ConnectError, ServerError, UsageError
from ampctl.settings.advice import find_hint
from ampctl.settings.options import resolve
from ampctl.testing import invoke

DEFAULTS = resolve({}, {}).origins


def error_with(cause: Cause, **facts: Any) -> ApiError:
    return ApiError("can't list jobs", hint=HINTS[cause], cause=cause, **facts)


@pytest.mark.parametrize(
    ("flags", "environ", "place"),
    [
        ({"admin_url": "http://a"}, {"AMP_ADMIN_URL": "http://b"}, "--admin-url"),
        ({}, {"AMP_ADMIN_URL": "http://b"}, "AMP_ADMIN_URL"),
        ({}, {}, "AMP_ADMIN_URL or --admin-url"),
    ],
    ids=["option", "variable", "default"],
)
def test_advice_names_the_place_that_the_value_came_from(
    flags: dict[str, str], environ: dict[str, str], place: str
) -> None:
    origins = resolve(flags, environ).origins

    hint = find_hint(error_with(Cause.HOST_NOT_FOUND), origins)

    assert hint == f"check the URL in {place}"


@pytest.mark.parametrize("cause", Cause, ids=lambda cause: cause.name)
def test_no_advice_names_an_argument_of_the_client(cause: Cause) -> None:
    hint = find_hint(error_with(cause), DEFAULTS)

    assert hint
    assert not {"base_url", "ca_file", "proxies"} & set(hint.replace(",", " ").split())


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (Cause.CERTIFICATE, "CA certificates are trusted, with AMP_CA_FILE or --ca-file"),
        (Cause.PROXY, "NO_PROXY"),
        (Cause.TIME_LIMIT, "with AMP_REQUEST_TIMEOUT or --request-timeout"),
        (Cause.UNAUTHENTICATED, "valid here, in AMP_AUTH_TOKEN or --auth-token"),
        (Cause.FORBIDDEN, "ask for the permission, or pass a token that has it, in AMP_AUTH_TOKEN"),
        (Cause.NEEDS_TLS, "write https:// in AMP_ADMIN_URL or --admin-url"),
        (Cause.NEEDS_HTTP, "AMP_ADMIN_URL or --admin-url: http:// may be meant"),
        (Cause.NO_ENDPOINT, "an older server may not offer this"),
        (Cause.REDIRECT, "the server's final URL in AMP_ADMIN_URL or --admin-url"),
        (Cause.NOT_AN_API, "AMP_ADMIN_URL or --admin-url is that of an Admin API"),
        (Cause.UNKNOWN_SHAPE, "of a version that this ampctl supports"),
    ],
    ids=lambda value: value.name if isinstance(value, Cause) else None,
)
def test_each_cause_has_its_advice(cause: Cause, told: str) -> None:
    assert told in (find_hint(error_with(cause), DEFAULTS) or "")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 418, 422, 429, 500, 503])
@pytest.mark.parametrize("words", [("job", "stop", "7"), ("worker", "list")], ids=" ".join)
def test_every_refusal_of_a_server_has_a_next_step(
    api: Any, words: tuple[str, ...], status: int
) -> None:
    api.always(status, "REFUSED")

    result = invoke(*words, "--retries", "0", expect=None)

    assert result.exit_code in range(3, 8)
    assert "\n        Try: " in result.stderr


def test_a_local_server_that_does_not_run_can_be_started() -> None:
    local = error_with(Cause.REFUSED, is_loopback=True)
    remote = error_with(Cause.REFUSED)

    assert "`ampctl sandbox up`" in (find_hint(local, DEFAULTS) or "")
    assert "sandbox" not in (find_hint(remote, DEFAULTS) or "")


def test_a_server_that_asks_to_wait_is_heard() -> None:
    error = error_with(Cause.OVERLOADED, retry_after_s=90)

    assert find_hint(error, DEFAULTS) == "wait 90 s, as the server asks, and try again"


@pytest.mark.parametrize(
    "error",
    [
        AmpError("no", hint="another name"),
        UsageError("no", hint="another name"),
        UsageError("no", hint="another name", setting="proxies"),
        UsageError("no", hint="another name", setting="ca_file"),
        ConnectError("no", hint="another name", cause=Cause.REFUSED),
        ServerError("no", hint="another name"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_with_a_hint_of_its_own_keeps_it(error: AmpError) -> None:
    assert find_hint(error, DEFAULTS) == "another name"


@pytest.mark.parametrize(
    ("arguments", "environ", "told"),
    [
        (["--admin-url", "ftp://a"], {}, "write the URL in --admin-url like http://localhost:1610"),
        ([], {"AMP_ADMIN_URL": "x"}, "write the URL in AMP_ADMIN_URL like http://localhost:1610"),
        ([], {"AMP_AUTH_TOKEN": "a b"}, "check AMP_AUTH_TOKEN for stray spaces and line ends"),
        (["--ca-file", "/nope"], {}, "check the path in --ca-file"),
        (
            ["--admin-url", "http://amp.example"],
            {"AMP_AUTH_TOKEN": "x"},
            "use an https:// URL in --admin-url, or allow it with AMP_ALLOW_HTTP or --allow-http",
        ),
        (
            ["--admin-url", "http://amp.example"],
            {"HTTP_PROXY": "ftp://x"},
            "write it like http://proxy.example.org:3128, or unset HTTP_PROXY",
        ),
    ],
    ids=["url option", "url variable", "token", "CA file", "no TLS", "proxy"],
)
def test_a_setting_that_the_client_refuses_is_found_where_it_was_given(
    api: Any, arguments: list[str], environ: dict[str, str], told: str
) -> None:
    result = invoke("job", "list", *arguments, environ=environ, expect=2)

    assert f"Try: {told}\n" in result.stderr
    assert api.requests == []


def test_a_target_that_fails_comes_with_the_same_advice(api: Any) -> None:
    api.on("GET", "/jobs/7", status=401)

    result = invoke("job", "inspect", "7", environ={"AMP_AUTH_TOKEN": "s3cret"}, expect=4)

    assert "Try: pass a token that is valid here, in AMP_AUTH_TOKEN\n" in result.stderr


SOURCES_OF_THE_CLIENT = sorted(Path(ampctl.client.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", SOURCES_OF_THE_CLIENT, ids=lambda path: path.name)
def test_the_client_has_no_word_of_the_command_line(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert "AMP_" not in source
    assert " --" not in source
    assert "`--" not in source


def test_a_user_of_the_library_reads_of_its_arguments() -> None:
    with pytest.raises(UsageError) as caught:
        AdminClient("localhost:1610")

    assert caught.value.hint == "write base_url like http://localhost:1610"
