"""The errors of ampctl, each with the exit code that it ends a command with.

::

    AmpError                      1   base of all; raised as it is for a bad outcome
    ├── PartialFailure          any   some targets failed: their code, or 1 if it differs
    ├── Declined                  1   the person at the prompt said no
    ├── UsageError                2   wrong usage or configuration; nothing was sent
    │   └── PluginError           2   a plugin can't be loaded or breaks its contract
    ├── OutputError               8   stdout could not be written
    │   └── ClosedPipe          141   the reader of stdout closed it, which is not a fault
    ├── WaitTimeout             124   what was waited for did not happen in time
    └── ApiError                      something about a request or its answer
        ├── NotFoundError         3   the API says that the thing does not exist
        ├── AccessError           4   401 or 403
        ├── UnavailableError      5   no usable answer
        │   ├── ConnectError      5   nothing was sent: refused, unknown host, TLS
        │   ├── ConnectionLost    5   the connection broke while waiting for the answer
        │   ├── RequestTimeout    5   the answer took too long
        │   ├── GivenUp           5   not sent: the requests before it got no answer
        │   └── ServerError       5   429 or 5xx, after all retries
        ├── RefusedError          6   the request was understood and refused: 409, other 4xx
        │   └── EndpointMissing   6   404 without an error body: wrong URL or older server
        └── InvalidAnswer         7   an answer that can't be understood or trusted

This module imports the codes alone, so that everything may import it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ampctl.codes import Cause as Cause
from ampctl.codes import ExitCode as ExitCode


class AmpError(Exception):
    """Base of every error that ampctl raises on purpose.

    Args:
        message: what failed, naming the thing and the fact, without a full stop.
        hint: one next step for the person who reads it.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def facts(self) -> str | None:
        """Details for a second line, such as the HTTP status; none by default."""
        return None


class PartialFailure(AmpError):
    """Some targets of a command failed; each failure was reported when it happened.

    Args:
        failures: what failed, at least one. Failures of one kind give that kind's exit code,
            mixed ones give 1.
    """

    def __init__(self, failures: Sequence[AmpError]) -> None:
        super().__init__(f"{len(failures)} failed")
        codes = {failure.exit_code for failure in failures}
        self.exit_code = codes.pop() if len(codes) == 1 else ExitCode.FAILED


class Declined(AmpError):
    """The person at the prompt did not agree; nothing was done."""


class UsageError(AmpError):
    """The command line or a setting is wrong. Raised before anything is sent.

    Args:
        message: what is wrong.
        hint: one next step.
        setting: the argument of :class:`~ampctl.client.AdminClient` that is wrong, if it is one:
            ``base_url``, ``token``, ``allow_http``, ``ca_file``, ``proxies`` or ``retries``;
            or the setting that leaves a command out: ``plugins`` or ``no_plugins``.
    """

    exit_code = ExitCode.USAGE

    def __init__(
        self, message: str, *, hint: str | None = None, setting: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.setting = setting


class PluginError(UsageError):
    """A plugin can't be loaded, or what it offers can't be used."""


class Terminated(BaseException):
    """The process was asked to end; like KeyboardInterrupt, this is not a failure.

    Args:
        exit_code: that of the signal: SIGTERM or SIGHUP.
    """

    def __init__(self, exit_code: ExitCode = ExitCode.TERMINATED) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class OutputError(AmpError):
    """Standard output could not be written."""

    exit_code = ExitCode.OUTPUT


class ClosedPipe(OutputError):
    """The reader of standard output closed its end, as ``head`` does when it has enough."""

    exit_code = ExitCode.CLOSED_PIPE

    def __init__(self) -> None:
        super().__init__("the reader of standard output closed it")


class WaitTimeout(AmpError):
    """What was waited for did not happen in the time given for it."""

    exit_code = ExitCode.TIMEOUT


class ApiError(AmpError):
    """A request to the Admin API failed.

    Args:
        message: what failed.
        hint: one next step.
        request: method and URL without any secret, such as ``GET http://localhost:1610/jobs/7``.
        status: the HTTP status, if there was an answer.
        error_code: the API's own stable code, such as ``JOB_NOT_FOUND``, if it sent one.
        cause: the cause, if the client raised it and the class leaves more than one open.
        retry_after_s: how long the server asked to wait before another request, in seconds.
        is_loopback: no connection could be made to a server on this very machine.
    """

    exit_code = ExitCode.UNAVAILABLE

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        request: str | None = None,
        status: int | None = None,
        error_code: str | None = None,
        cause: Cause | None = None,
        retry_after_s: float | None = None,
        is_loopback: bool = False,
    ) -> None:
        super().__init__(message, hint=hint)
        self.request = request
        self.status = status
        self.error_code = error_code
        self.cause = cause
        self.retry_after_s = retry_after_s
        self.is_loopback = is_loopback

    @property
    def facts(self) -> str | None:
        """The API's error code, the HTTP status and the request, as far as they are known."""
        status = f"HTTP {self.status}" if self.status is not None else None
        return ", ".join(filter(None, (self.error_code, status, self.request))) or None


class NotFoundError(ApiError):
    """The API says, in an error body, that the thing asked for does not exist."""

    exit_code = ExitCode.NOT_FOUND


class AccessError(ApiError):
    """The API requires a token, or does not allow this one (401, 403)."""

    exit_code = ExitCode.ACCESS


class UnavailableError(ApiError):
    """There was no usable answer."""


class ConnectError(UnavailableError):
    """No connection could be made, so the request was surely not processed."""


class ConnectionLost(UnavailableError):
    """The connection broke before the answer was complete."""


class RequestTimeout(UnavailableError):
    """The answer did not arrive, or did not end, in time."""


class GivenUp(UnavailableError):
    """Not sent, since several requests before it got no answer.

    What follows at once is not sent either, so code with many targets can end at the first
    of these errors and say in one line how many are left.
    """


class ServerError(UnavailableError):
    """The server answered 429 or 5xx."""


class RefusedError(ApiError):
    """The server understood the request and refused it (409 or another 4xx)."""

    exit_code = ExitCode.REFUSED


class EndpointMissing(RefusedError):
    """A 404 without an error body: the URL is wrong, or the server lacks this endpoint."""


class InvalidAnswer(ApiError):
    """The answer can't be understood or trusted.

    Not JSON, not the documented shape, over a limit, or a redirect that must not be followed.
    """

    exit_code = ExitCode.INVALID_ANSWER
