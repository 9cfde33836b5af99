"""An Admin API below requests: it answers what a test says, and nothing else."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import requests  # noqa: TID251 - to tell whether something stands in for it
import requests_mock

from ampctl.testing.builders import error_body

_SEND = requests.Session.send


@dataclasses.dataclass
class Api:
    """The answers of an Admin API, and the requests that it got.

    A request that the test did not foresee fails there and then, and an answer that no one asked
    for fails when the test ends; both are named.

    Attributes:
        mocker: what stands below requests, for what is missing here.
        url: the base URL.
    """

    mocker: requests_mock.Mocker
    url: str = "http://localhost:1610"

    def __post_init__(self) -> None:
        self._stubs: list[tuple[str, Any]] = []
        self._unexpected: list[str] = []
        # What is registered first is asked last.
        self.mocker.register_uri(requests_mock.ANY, requests_mock.ANY, text=self._refuse)

    def on(
        self,
        method: str,
        path: str,
        *answers: Any,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        text: str = "",
        exc: Exception | type[Exception] | None = None,
    ) -> None:
        """Answer ``method path`` with each document in turn, the last one for ever.

        Args:
            method: such as ``GET`` or ``POST``; :attr:`sent` has what was sent with it.
            path: below the base URL. If it has a query, the request must have just that one.
            answers: JSON documents.
            status: of all the answers.
            headers: of all the answers.
            text: the body, if there is no document.
            exc: what ``requests`` raises instead of an answer, such as
                ``requests.ConnectionError``.

        Raises:
            TypeError: ``answers`` come with ``text`` or ``exc``, which exclude them.
        """
        if answers and (text or exc):
            raise TypeError("answers, text and exc exclude each other")
        common: dict[str, Any] = {"status_code": status, "headers": dict(headers or {})}
        responses = [{"json": answer, **common} for answer in answers]
        if not responses:
            responses = [{"exc": exc} if exc else {"text": text, **common}]
        stub = self.mocker.register_uri(method, self.url + path, responses, complete_qs="?" in path)
        self._stubs.append((f"{method} {path}", stub))

    def error(self, method: str, path: str, status: int, code: str, message: str = "No.") -> None:
        """Answer ``method path`` with an error body."""
        self.on(method, path, error_body(code, message), status=status)

    def always(self, status: int, code: str, message: str = "No.") -> None:
        """Answer every request with the same error body."""
        body = error_body(code, message)
        self.mocker.register_uri(
            requests_mock.ANY, requests_mock.ANY, json=body, status_code=status
        )

    @property
    def requests(self) -> list[str]:
        """Every request so far, such as ``GET /jobs?limit=50&status=active``."""
        return [
            f"{request.method} {request.url.removeprefix(self.url)}"
            for request in self.mocker.request_history
        ]

    @property
    def sent(self) -> list[Any]:
        """The document that each request so far carried; None for those without one."""
        history = self.mocker.request_history
        return [request.json() if request.body else None for request in history]

    def check(self) -> None:
        """Fail for unforeseen requests, and for answers that were never asked for."""
        __tracebackhide__ = True
        if self._unexpected:
            raise AssertionError(f"unexpected requests: {', '.join(self._unexpected)}")
        if unused := [name for name, stub in self._stubs if not stub.called]:
            raise AssertionError(f"never requested: {', '.join(unused)}")

    def _refuse(self, request: Any, _context: Any) -> NoReturn:
        __tracebackhide__ = True
        name = f"{request.method} {request.url}"
        self._unexpected.append(name)
        raise AssertionError(f"unexpected request: {name}")


def is_stubbed() -> bool:
    """Tell whether requests are answered in this process, by :class:`Api` or by other means."""
    return requests.Session.send is not _SEND


@contextlib.contextmanager
def stubbed_api() -> Iterator[Api]:
    """Stand in for the Admin API until the block ends, and then :meth:`Api.check` it."""
    __tracebackhide__ = True
    with requests_mock.Mocker(case_sensitive=True) as mocker:
        api = Api(mocker)
        yield api
        api.check()
