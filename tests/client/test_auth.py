"""The token goes where it belongs, and is seen nowhere."""

import traceback

import pytest
import requests

from ampctl.client import AdminClient
from ampctl.client._auth import BearerAuth
from ampctl.client._origin import Origin
from ampctl.errors import UsageError
from ampctl.secret import Secret

ORIGIN = Origin.parse("https://amp.example")


def prepared(url: str) -> requests.PreparedRequest:
    auth = BearerAuth(Secret("TOKEN"), ORIGIN)
    return requests.Request("GET", url, auth=auth).prepare()


def test_a_secret_does_not_show_itself():
    secret = Secret("TOKEN")

    assert "TOKEN" not in f"{secret} {secret!r} {[secret]} {vars(BearerAuth(secret, ORIGIN))}"
    assert secret.reveal() == "TOKEN"


def test_the_token_goes_to_its_origin():
    assert prepared("https://amp.example:443/x").headers["Authorization"] == "Bearer TOKEN"


@pytest.mark.parametrize(
    "url", ["http://amp.example", "https://amp.example:444", "https://a.amp.example"]
)
def test_the_token_goes_to_no_other_origin(url):
    assert "Authorization" not in prepared(url).headers


@pytest.mark.parametrize("token", ["", " ", "SECRET\n", "SEC RET", "SECRET\0", "SECRÉT", "ŚECRET"])
def test_a_token_that_is_not_visible_ascii_is_refused_unquoted(token):
    with pytest.raises(UsageError, match="visible ASCII") as caught:
        AdminClient(token=token)
    assert "AMP_AUTH_TOKEN" in (caught.value.hint or "")
    report = "".join(traceback.format_exception(caught.value))
    assert not token.strip() or token not in report
    assert "RET" not in caught.value.message


@pytest.mark.parametrize("url", ["http://amp.example", "http://192.168.0.1:1610"])
def test_a_token_does_not_travel_unencrypted(url):
    token = "".join(map(chr, range(65, 90)))  # a traceback would quote a literal
    with pytest.raises(UsageError, match="unencrypted") as caught:
        AdminClient(url, token=token)
    assert token not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("http://amp.example", {"token": "SECRET", "allow_http": True}),
        ("http://amp.example", {}),
        ("https://amp.example", {"token": "SECRET"}),
        ("http://localhost:1610", {"token": "SECRET"}),
        ("http://[::1]:1610", {"token": "SECRET"}),
    ],
)
def test_a_token_may_travel_where_nobody_listens_or_when_allowed(url, options):
    with AdminClient(url, **options) as client:
        assert "SECRET" not in repr(client)
