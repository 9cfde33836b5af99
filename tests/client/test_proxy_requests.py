"""Our choice of a proxy beside that of requests: the differences, each one decided on."""

import itertools
import os
from unittest import mock

import pytest
import requests.utils

from ampctl.client._origin import Origin
from ampctl.client._proxy import find_proxy

NAMES = ["http://amp.example", "https://amp.example", "https://a.amp.example:8443"]
ADDRESSES = ["http://10.1.2.3:1610", "https://10.1.2.3", "http://[fd00::1]:1610"]
THIS_MACHINE = ["http://localhost:1610", "http://a.localhost", "http://127.0.0.1", "http://[::1]"]

#: Values of NO_PROXY that mean the same to both.
PLAIN = [
    *("", "*", "amp.example", ".amp.example", "*.amp.example", "AMP.Example", "example", "2.3"),
    *(".", "10.1.2.3", "10.0.0.0/8", "11.0.0.0/8", "fd00::1", "amp.example:8443"),
    "other.example , amp.example",
]

#: Where requests uses a proxy and we do not, by NO_PROXY: what its author surely meant.
DIRECT = {
    # A star means every host also as one of several entries.
    " * ": [*NAMES, *ADDRESSES],
    "other.example, *": [*NAMES, *ADDRESSES],
    # The port of the scheme need not be in the URL, and an address may have one as a name may.
    "amp.example:443": ["https://amp.example"],
    "10.1.2.3:1610": ["http://10.1.2.3:1610"],
    # IPv6 has brackets and networks as well; a network may be everything.
    "[fd00::1]": ["http://[fd00::1]:1610"],
    "fd00::/8": ["http://[fd00::1]:1610"],
    "0.0.0.0/0": ["http://10.1.2.3:1610", "https://10.1.2.3"],
}


def ours(url: str, environ: dict[str, str]) -> str | None:
    proxy = find_proxy(Origin.parse(url), environ)
    return proxy and proxy.url.reveal()


def theirs(url: str, environ: dict[str, str]) -> str | None:
    with mock.patch.dict(os.environ, environ, clear=True):
        return requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))


@pytest.mark.parametrize("no_proxy", [*PLAIN, *DIRECT])
def test_no_proxy_means_what_it_means_to_requests(no_proxy):
    environ = {"ALL_PROXY": "http://proxy:1", "NO_PROXY": no_proxy}

    different = [url for url in [*NAMES, *ADDRESSES] if ours(url, environ) != theirs(url, environ)]

    assert different == DIRECT.get(no_proxy, [])
    assert all(ours(url, environ) is None for url in different)


@pytest.mark.parametrize("url", THIS_MACHINE)
def test_unlike_requests_we_need_no_exception_for_this_machine(url):
    environ = {"ALL_PROXY": "http://proxy:1"}

    assert ours(url, environ) is None
    assert theirs(url, environ) == "http://proxy:1"


def test_each_set_of_variables_gives_the_proxy_that_requests_takes():
    choices = {
        "http_proxy": [None, "", "http://a:1"],
        "HTTP_PROXY": [None, "", "http://b:1"],
        "https_proxy": [None, "", "http://c:1"],
        "HTTPS_PROXY": [None, "http://d:1"],
        "all_proxy": [None, "http://e:1"],
        "ALL_PROXY": [None, "http://f:1"],
        "REQUEST_METHOD": [None, "GET"],
    }
    for url, *values in itertools.product(NAMES[:2], *choices.values()):
        environ = {
            name: value for name, value in zip(choices, values, strict=True) if value is not None
        }

        assert ours(url, environ) == theirs(url, environ), (url, environ)


@pytest.mark.parametrize(
    ("environ", "our_choice", "their_choice"),
    [
        # A blank variable is as good as none.
        ({"HTTP_PROXY": " "}, None, " "),
        # curl, too, has two spellings of a name only.
        ({"Http_Proxy": "http://proxy:1"}, None, "http://proxy:1"),
        # And to curl, an empty lower-case name wins for NO_PROXY as for all others.
        (
            {"ALL_PROXY": "http://proxy:1", "no_proxy": "", "NO_PROXY": "amp.example"},
            "http://proxy:1",
            None,
        ),
    ],
    ids=["blank", "mixed case", "empty no_proxy"],
)
def test_other_differences(environ, our_choice, their_choice):
    assert ours("http://amp.example", environ) == our_choice
    assert theirs("http://amp.example", environ) == their_choice
