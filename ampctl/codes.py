"""What errors are told apart by: exit codes for scripts, causes for advice."""

from __future__ import annotations

import enum


@enum.unique
class ExitCode(enum.IntEnum):
    """What the exit status of ``ampctl`` means."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    ACCESS = 4
    UNAVAILABLE = 5
    REFUSED = 6
    INVALID_ANSWER = 7
    OUTPUT = 8
    TIMEOUT = 124
    HANGUP = 129
    INTERRUPTED = 130
    CLOSED_PIPE = 141
    TERMINATED = 143


@enum.unique
class Cause(enum.Enum):
    """The cause of an :class:`ApiError`, where its class leaves more than one open."""

    HOST_NOT_FOUND = "the host's name has no address"
    REFUSED = "no connection: nothing listens, or the way is blocked"
    PROXY = "no connection through the proxy"
    CERTIFICATE = "the server's certificate is not trusted"
    TLS = "the TLS handshake failed"
    NEEDS_TLS = "plain http was spoken to a server that speaks TLS"
    NEEDS_HTTP = "TLS was spoken to a server that seems to speak plain http"
    CONNECTION_LOST = "the connection broke before the response was complete"
    TIME_LIMIT = "one of the client's time limits ran out"
    UNAUTHENTICATED = "401"
    FORBIDDEN = "403"
    NO_ENDPOINT = "404 without an error body"
    OVERLOADED = "429"
    SERVER_FAULT = "5xx"
    REDIRECT = "a redirect that must not be followed"
    NOT_AN_API = "a response that no Admin API gives"
    TOO_LARGE = "a response larger than the client accepts"
    ANOTHER_THING = "a document about another thing than was asked for"
    UNKNOWN_SHAPE = "a document that does not fit its schema"
