"""Next steps for users of the client, in terms of its arguments.

The command line, whose settings have other names and several origins, gives advice of its own:
it goes by the cause of an error.
"""

from __future__ import annotations

from ampctl.errors import Cause

_API_URL = "check that base_url is the URL of an Admin API"

HINTS: dict[Cause, str] = {
    Cause.HOST_NOT_FOUND: "check base_url",
    Cause.REFUSED: "check base_url, and that the server is running",
    Cause.PROXY: "check the proxies, and for which hosts there is none",
    Cause.CERTIFICATE: "check base_url, and which CA certificates are trusted: ca_file",
    Cause.TLS: "check base_url, and that the server speaks https",
    Cause.NEEDS_TLS: "write https:// in base_url",
    Cause.NEEDS_HTTP: "check base_url: http:// may be meant, or another port",
    Cause.CONNECTION_LOST: "check that the server is healthy, try again",
    Cause.TIME_LIMIT: "check that the server is healthy, or allow more time",
    Cause.UNAUTHENTICATED: "pass a token that is valid here",
    Cause.FORBIDDEN: "ask for the permission, or pass a token that has it",
    Cause.NO_ENDPOINT: f"{_API_URL}; an older server may not offer this",
    Cause.OVERLOADED: "try again later",
    Cause.SERVER_FAULT: "try again later, or look into the server's log",
    Cause.REDIRECT: "give the server's final URL as base_url",
    Cause.NOT_AN_API: _API_URL,
    Cause.TOO_LARGE: "ask for fewer items at a time",
    Cause.ANOTHER_THING: f"{_API_URL}, and that nothing in between mixes up its answers",
    Cause.UNKNOWN_SHAPE: f"{_API_URL}, of a version that this client supports",
}

ARGUMENT_HINTS = {
    "base_url": "write base_url like http://localhost:1610",
    "token": "check the token for stray spaces and line ends",
    "allow_http": "use an https:// URL, or allow it with allow_http",
    "ca_file": "check the path in ca_file",
}
