"""Base URLs, origins, and the URLs of endpoints."""

import traceback

import pytest

from ampctl.client._origin import BaseUrl, Origin
from ampctl.errors import UsageError


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("http://localhost:1610", "http://localhost:1610/jobs/7"),
        ("http://localhost:1610/", "http://localhost:1610/jobs/7"),
        ("https://host/amp/admin", "https://host/amp/admin/jobs/7"),
        ("https://host/amp/admin/", "https://host/amp/admin/jobs/7"),
        ("HTTPS://HOST:443/Amp", "https://host/Amp/jobs/7"),
        ("http://host:80", "http://host/jobs/7"),
        ("http://[::1]:1610", "http://[::1]:1610/jobs/7"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/jobs/7"),
        ("http://bücher.example", "http://xn--bcher-kva.example/jobs/7"),
        ("http://host/a%20b/ü", "http://host/a%20b/%C3%BC/jobs/7"),
        ("http://under_score.host.", "http://under_score.host./jobs/7"),
    ],
)
def test_endpoints_are_appended_to_the_base(base, url):
    assert BaseUrl.parse(base).build_url("jobs", 7) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:1610",
        "host/amp",
        "ftp://host",
        "file:///etc/passwd",
        "http://",
        "http:///path",
        "http://:80",
        "http://host:",
        "http://host:abc",
        "http://host:0",
        "http://host:65536",
        "http://host:99999999999",
        "http://host:１",
        "http://host:1_0",
        "http://host:+1",
        "http://user@host",
        "http://user:PASSWD@host",
        "http://user:PASSWD@host:abc",
        "http://user:PASSWD@[",
        "http://user:PASSWD@\u2100.host",
        "http://host?PASSWD",
        "http://host?",
        "http://host/#PASSWD",
        "http://host#",
        "http://" + "a" * 64,
        "http://" + "a" * 64 + ".example",
        "http://" + "ü" * 64 + ".example",
        "http://" + ".".join(["a" * 60] * 5),
        "http://a..b",
        "http://.a",
        "http://-a",
        "http://*.a",
        "http://a%41",
        "http://[::1",
        "http://[::g]",
        "http://[fe80::1%25eth0]",
        "http://[1.2.3.4]",
        "http://host\\@evil",
        "http://host/a\\b",
        "http://ho st",
        " http://host",
        "http://host\n",
        "http://ho\tst",
        "http://host/\x00",
        "http://host/\x85",
        "http://host/../b",
        "http://host/./b",
        "http://host/%2e%2E/b",
        "http://host/\ud800",
    ],
)
def test_any_other_base_is_refused_without_being_quoted(url):
    with pytest.raises(UsageError, match="invalid Admin API URL: ") as caught:
        BaseUrl.parse(url)
    assert "PASSWD" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.setting == "base_url"
    assert "base_url" in (caught.value.hint or "")


@pytest.mark.parametrize("url", ["http://user@host", "http://user:PASSWD@host:1610/x"])
def test_a_user_name_is_told_from_other_faults(url):
    with pytest.raises(UsageError, match="holds a user name or a password"):
        BaseUrl.parse(url)


@pytest.mark.parametrize(
    ("segment", "quoted"),
    [
        ("a/b", "a%2Fb"),
        ("a?b#c", "a%3Fb%23c"),
        ("%2e", "%252e"),
        ("ü ", "%C3%BC%20"),
        ("...", "..."),
    ],
)
def test_a_segment_stays_one_segment(segment, quoted):
    assert BaseUrl.parse("http://host").build_url(segment) == f"http://host/{quoted}"


@pytest.mark.parametrize("segment", ["", ".", "..", "\ud800"])
def test_a_segment_that_leads_elsewhere_is_refused(segment):
    with pytest.raises(UsageError):
        BaseUrl.parse("http://host").build_url("jobs", segment)


def test_params_become_the_query():
    url = BaseUrl.parse("http://host").build_url("jobs", params={"limit": 5, "status": "a,b"})

    assert url == "http://host/jobs?limit=5&status=a%2Cb"


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost", True),
        ("http://LOCALHOST.", True),
        ("http://a.b.localhost", True),
        ("http://127.0.0.1", True),
        ("http://127.255.0.9", True),
        ("http://[::1]", True),
        ("http://notlocalhost", False),
        ("http://localhost.example", False),
        ("http://127.0.0.1.example", False),
        ("http://127.0.0.256", False),
        ("http://128.0.0.1", False),
        ("http://0.0.0.0", False),
        ("http://[::2]", False),
    ],
)
def test_loopback_is_this_machine_and_nothing_else(url, loopback):
    assert Origin.parse(url).is_loopback is loopback


def test_an_origin_is_scheme_host_and_port():
    assert Origin.parse("http://HOST/a?b") == Origin.parse("http://host:80")
    assert Origin.parse("http://host") != Origin.parse("https://host")
    assert Origin.parse("http://host") != Origin.parse("http://host:81")
    assert Origin.parse("http://host") != Origin.parse("http://a.host")
