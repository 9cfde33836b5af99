"""Which proxy is used, and when none is."""

import traceback

import pytest

from ampctl.client._origin import Origin
from ampctl.client._proxy import find_proxy
from ampctl.errors import UsageError

PROXY = "http://proxy.example:3128"


def proxy_url(url: str, **environ: str) -> str | None:
    proxy = find_proxy(Origin.parse(url), environ)
    return proxy and proxy.url.reveal()


@pytest.mark.parametrize(
    ("url", "environ"),
    [
        ("http://amp.example", {"HTTP_PROXY": PROXY}),
        ("http://amp.example", {"http_proxy": PROXY, "HTTP_PROXY": "http://other"}),
        ("https://amp.example", {"HTTPS_PROXY": PROXY, "HTTP_PROXY": "http://other"}),
        ("https://amp.example", {"ALL_PROXY": PROXY}),
        ("http://amp.example", {"http_proxy": PROXY, "REQUEST_METHOD": "GET"}),
        ("https://amp.example", {"HTTPS_PROXY": PROXY, "REQUEST_METHOD": "GET"}),
        ("https://amp.example", {"all_proxy": PROXY, "HTTP_PROXY": "http://other"}),
        ("https://amp.example", {"HTTPS_PROXY": PROXY, "ALL_PROXY": "http://other"}),
        ("https://amp.example", {"HTTPS_PROXY": "proxy.example:3128"}),
        ("https://amp.example", {"HTTPS_PROXY": f"{PROXY}/"}),
    ],
)
def test_a_proxy_is_found(url, environ):
    assert proxy_url(url, **environ) == PROXY


@pytest.mark.parametrize(
    ("url", "environ"),
    [
        ("http://amp.example", {}),
        ("http://amp.example", {"HTTPS_PROXY": PROXY}),
        ("http://amp.example", {"HTTP_PROXY": " "}),
        ("http://amp.example", {"http_proxy": "", "HTTP_PROXY": PROXY}),
        ("http://amp.example", {"HTTP_PROXY": PROXY, "REQUEST_METHOD": "GET"}),
    ],
)
def test_no_proxy_is_made_up(url, environ):
    assert proxy_url(url, **environ) is None


@pytest.mark.parametrize(
    "url", ["http://localhost:1610", "http://127.0.0.2", "https://[::1]", "http://a.localhost"]
)
def test_this_machine_has_no_proxy(url):
    assert proxy_url(url, ALL_PROXY=PROXY) is None


@pytest.mark.parametrize(
    "no_proxy",
    ["*", "amp.example", ".example", "example", "a, AMP.example", "amp.example:443", "a,,*"],
)
def test_no_proxy_names_hosts(no_proxy):
    assert proxy_url("https://amp.example", ALL_PROXY=PROXY, NO_PROXY=no_proxy) is None
    assert proxy_url("https://amp.example", ALL_PROXY=PROXY, no_proxy=no_proxy) is None


def test_a_dot_after_the_host_makes_no_other_host():
    assert proxy_url("https://amp.example.", ALL_PROXY=PROXY, NO_PROXY="amp.example") is None


@pytest.mark.parametrize("no_proxy", ["mp.example", "amp.example:80", "b.amp.example", ","])
def test_no_proxy_names_no_other_hosts(no_proxy):
    assert proxy_url("https://amp.example", ALL_PROXY=PROXY, NO_PROXY=no_proxy) == PROXY


@pytest.mark.parametrize(
    ("url", "no_proxy", "direct"),
    [
        ("http://10.1.2.3", "10.0.0.0/8", True),
        ("http://10.1.2.3", "10.1.2.3", True),
        ("http://10.1.2.3", "10.9.9.9/8", True),
        ("http://11.1.2.3", "10.0.0.0/8", False),
        ("http://[fd00::1]:8080", "fd00::1", True),
        ("http://[fd00::1]:8080", "[fd00::1]:8080", True),
        ("http://[fd00::1]", "fd00::/8", True),
    ],
)
def test_no_proxy_names_networks(url, no_proxy, direct):
    assert (proxy_url(url, ALL_PROXY=PROXY, NO_PROXY=no_proxy) is None) is direct


def test_a_password_is_kept_but_not_shown():
    proxy = find_proxy(Origin.parse("http://a.b"), {"ALL_PROXY": "http://u:PASSWD@p:1"})

    assert proxy
    assert proxy.url.reveal() == "http://u:PASSWD@p:1"
    assert "PASSWD" not in repr(proxy)


@pytest.mark.parametrize(
    "url",
    [
        "socks5://u:PASSWD@proxy:1",
        "http://u:PASSWD@",
        "http://u:PASSWD@pro xy",
        "http://u:PASSWD@proxy:99999",
        "http://u:PASSWD@proxy/path",
        "http://u:PASSWD\n@proxy",
        "http://u:PASSWDŁ@proxy",
        "http://u:PASSWD%C5%81@proxy",
        "http://u:PASSWD@" + "a" * 64,
    ],
)
def test_a_proxy_that_can_not_be_used_is_refused_unquoted(url):
    with pytest.raises(UsageError, match=r"invalid proxy URL in HTTPS_PROXY: its?\b") as caught:
        proxy_url("https://amp.example", HTTPS_PROXY=url)
    assert "unset HTTPS_PROXY" in (caught.value.hint or "")
    assert "PASSWD" not in "".join(traceback.format_exception(caught.value))
