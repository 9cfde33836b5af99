"""The token is not seen, wherever it turns up."""

import base64
import json
import traceback
from urllib.parse import quote

import pytest

from ampctl.client import AdminClient, Secret
from ampctl.errors import AccessError, AmpError, UsageError

TOKEN = 's3cr~t/+\\"token=='


@pytest.mark.parametrize(
    "form",
    [
        TOKEN,
        quote(TOKEN, safe=""),
        quote(TOKEN, safe="").replace("%2F", "%2f").replace("%2B", "%2b").replace("D", "d"),
        json.dumps(TOKEN)[1:-1],
    ],
    ids=["plain", "percent", "percent in lower case", "JSON"],
)
def test_a_secret_is_hidden_however_it_is_escaped(form):
    form = form.replace("%5C", "%5c") if "%2f" in form else form

    assert Secret(TOKEN).hide_in(f"bad token {form}.") == "bad token [redacted]."


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_secret_is_hidden_in_base64_wherever_it_begins(before, encode):
    secret = "?>~?>~?>~secret~~~"
    encoded = encode(f"{before}{secret}".encode()).decode()

    hidden = Secret(secret).hide_in(f"Basic {encoded}!")

    assert "[redacted]" in hidden
    assert len(hidden.replace("[redacted]", "")) <= len("Basic !") + len(before) + 6


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("token abc is bad", "token [redacted] is bad"),
        ("'abc'", "'[redacted]'"),
        ("abc", "[redacted]"),
        ("Bearer_abc", "Bearer_[redacted]"),
        ("the abcde and xabc stay", "the abcde and xabc stay"),
    ],
)
def test_a_short_secret_is_hidden_where_it_stands_alone(text, hidden):
    assert Secret("abc").hide_in(text) == hidden


def test_an_empty_secret_hides_nothing():
    assert Secret("").hide_in("abc") == "abc"


@pytest.mark.parametrize("token", ["abc", "SECRETSECRET"])
def test_a_server_that_repeats_the_token_does_not_show_it(api, connect, token, caplog):
    caplog.set_level("DEBUG")
    api.error("GET", "/jobs", 401, f"BAD_{token}", f"bad token: Bearer {token}")

    with pytest.raises(AccessError) as caught:
        connect(token=token).get("jobs", action="list jobs")
    assert caught.value.message == "can't list jobs: bad token: Bearer [redacted]"
    assert token not in f"{caught.value.facts} {caplog.text}"


def test_a_redirect_to_the_token_does_not_show_it(serve, connect, answer):
    server = serve(answer(b"", 302, Location="http://secret-token.invalid/"))

    with pytest.raises(AmpError, match=r"a redirect to http://\[redacted\].invalid must not"):
        connect(server.url, token="secret-token").get("jobs", action="list jobs")


def locals_of(error: BaseException) -> str:
    """Return the traceback with local variables, without the frame of the test itself."""
    assert error.__traceback__
    error = error.with_traceback(error.__traceback__.tb_next)
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(report.format())


def close(connection):
    """Take the request and hang up."""


def talk_nonsense(connection):
    connection.sendall(b"nonsense\r\n\r\n")


@pytest.mark.parametrize("step", [close, talk_nonsense])
def test_no_frame_of_a_failed_request_holds_the_token(serve, connect, step):
    server = serve(step)
    client = connect(server.url, token="SECRET", retries=0)

    with pytest.raises(AmpError) as caught:
        client.get("jobs", action="list jobs")
    assert "_client.py" in locals_of(caught.value)
    assert "SECRET" not in locals_of(caught.value)


@pytest.mark.parametrize("url", ["http://amp.invalid", "nonsense", "http://localhost"])
def test_no_frame_of_a_refused_client_holds_the_token(url):
    with pytest.raises(UsageError) as caught:
        AdminClient(url, token="SEC" + "RET ")
    assert "_client.py" in locals_of(caught.value)
    assert "SECRET" not in locals_of(caught.value)
