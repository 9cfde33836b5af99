"""The token is not seen, wherever it turns up."""

import base64
import json
import re
import traceback
from urllib.parse import quote, quote_plus

import pytest
import requests

from ampctl.client import AdminClient, Secret
from ampctl.errors import AccessError, AmpError, UsageError
from ampctl.plugin import Command
from ampctl.testing import invoke

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


def repeat(answer, status, kind="application/json", **members):
    """Return an answer that holds the token."""
    return answer({"error_message": "SECRET", **members}, status, Content_Type=kind)


@pytest.mark.parametrize(
    "step",
    [
        close,
        talk_nonsense,
        lambda answer: answer(b"SECRET"),
        lambda answer: repeat(answer, 403, error_code="SECRET"),
        lambda answer: repeat(answer, 200, kind="text/html"),
        lambda answer: answer(b"", 302, Location="http://SECRET@example.org"),
    ],
    ids=["broken", "nonsense", "no JSON", "refused", "html", "redirect"],
)
def test_no_frame_of_a_failed_request_holds_the_token(serve, connect, answer, step):
    server = serve(step(answer) if step.__name__ == "<lambda>" else step)
    client = connect(server.url, token="SECRET", retries=0)

    with pytest.raises(AmpError) as caught:
        client.get("jobs", action="list jobs")
    assert "_client.py" in locals_of(caught.value)
    assert "SECRET" not in locals_of(caught.value)


def test_no_frame_of_an_interrupted_request_holds_the_token(connect):
    class Interrupting(requests.adapters.HTTPAdapter):
        def send(self, request, *args, **options):
            header = dict(request.headers)
            raise KeyboardInterrupt(str(len(header)))

    client = connect("http://localhost:1", token="SECRET", adapter=Interrupting())

    with pytest.raises(KeyboardInterrupt) as caught:
        client.get("jobs", action="list jobs")
    assert "in send\n" in locals_of(caught.value)
    assert "SECRET" not in locals_of(caught.value)


def test_no_frame_of_a_response_that_is_decoded_later_holds_the_token(serve, connect, answer):
    client = connect(serve(answer(b"SECRET")).url, token="SECRET")
    decode = client.fetch("jobs", action="list jobs")

    with pytest.raises(AmpError) as caught:
        decode()
    assert "in _decode\n" in locals_of(caught.value)
    assert "SECRET" not in locals_of(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [
        {"base_url": "http://amp.invalid"},
        {"base_url": "nonsense"},
        {"base_url": "http://localhost"},
        {"base_url": "https://user:SEC" + "RET@amp.example.org"},
        {"base_url": b"https://user:SEC" + b"RET@amp.example.org"},
        {"token": b"SEC" + b"RET"},
        {"proxies": ["http://user:SEC" + "RET@proxy.example.org"]},
        {"proxies": {"HTTPS_PROXY": "ftp://user:SEC" + "RET@proxy.example.org"}},
        {"proxies": {"HTTPS_PROXY": "http://user:SEC" + "RET@proxy.example.org"}, "retries": -1},
    ],
    ids=lambda arguments: ",".join(
        f"{name} {type(arguments[name]).__name__}" for name in arguments
    ),
)
def test_no_frame_of_a_refused_client_holds_a_secret(arguments):
    arguments = {"base_url": "https://amp.example.org", "token": "SEC" + "RET ", **arguments}

    with pytest.raises((UsageError, TypeError)) as caught:
        AdminClient(**arguments)
    assert "_client.py" in locals_of(caught.value)
    assert "SECRET" not in locals_of(caught.value)


def test_no_frame_of_a_command_whose_url_is_refused_holds_the_password():
    class Report(Command):
        """Report."""

        def take_action(self, parsed_args):
            try:
                self.client.get("jobs", action="list jobs")
            except UsageError as error:
                self.console.warn(locals_of(error))

    url = "https://user:SECRET@amp.example.org"
    stderr = invoke("x", "report", "--admin-url", url, commands={"x report": Report}).stderr

    assert "_client.py" in stderr
    assert "SECRET" not in stderr


@pytest.mark.parametrize(
    "spelling",
    [quote(TOKEN), quote_plus(TOKEN), quote_plus(TOKEN).lower().replace(TOKEN.lower(), TOKEN)],
    ids=["path", "form", "form in lower case"],
)
def test_a_secret_is_hidden_as_a_part_of_an_url(spelling):
    assert Secret(TOKEN).hide_in(f"<{spelling}>") == "<[redacted]>"


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
@pytest.mark.parametrize("after", ["", "z", "yz"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_hardly_more_than_the_secret_is_hidden_in_base64(before, after, encode):
    encoded = encode(f"{before}s3cret-token{after}".encode()).decode()

    shown = Secret("s3cret-token").hide_in(f"Basic {encoded}")

    assert re.fullmatch(r"Basic \S{0,4}\[redacted\]\S{0,4}", shown)


def test_a_short_secret_is_hidden_in_base64_where_it_stands_alone():
    assert Secret("abc").hide_in("Bearer YWJj.") == "Bearer [redacted]."
