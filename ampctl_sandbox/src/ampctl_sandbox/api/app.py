"""The HTTP side of the Admin API: routes, who may call, and an error body for every failure."""

from __future__ import annotations

import hmac
import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any

import flask
import sqlalchemy as sa
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ampctl_sandbox.api.hosts import Hosts, host_name
from ampctl_sandbox.api.openapi import openapi_document
from ampctl_sandbox.api.refusal import Refusal, error_body
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database.engine import is_unavailable

RETRY_AFTER_S = 1
MAX_CHANGES = 4
# Many times what a commit takes on a busy machine: a burst of changes is no stuck database.
PATIENCE_S = 2.0

logger = logging.getLogger(__name__)

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def make_app(
    service: Service, *, token: str | None = None, hosts: Iterable[str] = ()
) -> flask.Flask:
    """Return the WSGI application.

    Args:
        service: answers the endpoints.
        token: the bearer token that every request must carry, if any.
        hosts: names that a ``Host`` header may hold, beside ``localhost`` and addresses.
    """
    app = flask.Flask(__name__, static_folder=None)
    # Paths are taken as they are: a redirect would be an answer that the API doesn't have.
    app.url_map.merge_slashes = False
    guard = _Guard(token, hosts)
    app.before_request(guard.check)
    app.register_error_handler(Exception, _failure)
    document = openapi_document(needs_token=token is not None)
    for endpoint in _endpoints(service, document):
        app.add_url_rule(
            endpoint.path,
            endpoint=endpoint.fault,
            view_func=endpoint.view,
            methods=[endpoint.method],
            provide_automatic_options=False,
        )
    return app


class _Endpoint:
    """A route; ``fault`` is the error code of a failure that is nobody's but the server's."""

    def __init__(self, method: str, path: str, fault: str, view: Callable[..., Any]) -> None:
        self.method = method
        self.path = path
        self.fault = fault
        self.view = view


class _Turnstile:
    """Lets only some changes be under way at once, so that a stuck database does not pile them up.

    A change that comes on top of them waits until one is done. If none is done soon, the database
    is stuck, and the change is refused; while it is stuck, so are the next ones, at once.

    Raises:
        Refusal: the database is stuck.
    """

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(MAX_CHANGES)
        self._is_stuck = False

    def __enter__(self) -> None:
        if not self._places.acquire(timeout=0 if self._is_stuck else PATIENCE_S):
            self._is_stuck = True
            raise _unavailable()

    def __exit__(self, *_: object) -> None:
        self._is_stuck = False
        self._places.release()


def _endpoints(service: Service, document: dict[str, Any]) -> Iterable[_Endpoint]:
    turnstile = _Turnstile()

    def write(change: Callable[[], None], status: int) -> flask.Response:
        with turnstile:
            change()
        return _empty(status)

    def list_jobs() -> flask.Response:
        query = flask.request.args.getlist
        return _json(service.list_jobs(query("limit"), query("last_job_id"), query("status")))

    def delete_jobs() -> flask.Response:
        status = flask.request.args.getlist("status")
        return write(lambda: service.delete_jobs(status), 204)

    def stop_job(job_id: str) -> flask.Response:
        return write(lambda: service.stop_job(job_id), 200)

    def delete_job(job_id: str) -> flask.Response:
        return write(lambda: service.delete_job(job_id), 204)

    job = "/jobs/<job_id>"
    return (
        _Endpoint("GET", "/jobs", "LIST_JOBS_ERROR", list_jobs),
        _Endpoint("DELETE", "/jobs", "DELETE_JOBS_BY_STATUS_ERROR", delete_jobs),
        _Endpoint("GET", job, "GET_JOB_ERROR", _answer(service.get_job)),
        _Endpoint("DELETE", job, "DELETE_JOB_ERROR", delete_job),
        _Endpoint("PUT", f"{job}/stop", "STOP_JOB_ERROR", stop_job),
        _Endpoint("GET", f"{job}/progress", "GET_TABLES_ERROR", _answer(service.job_progress)),
        _Endpoint("GET", f"{job}/events", "GET_JOB_EVENTS_ERROR", _answer(service.job_events)),
        _Endpoint(
            "GET", f"{job}/events/<event_id>", "GET_JOB_EVENT_ERROR", _answer(service.job_event)
        ),
        _Endpoint("GET", "/workers", "SCHEDULER_LIST_WORKERS_ERROR", _answer(service.list_workers)),
        _Endpoint(
            "GET", "/workers/<node_id>", "SCHEDULER_GET_WORKER_ERROR", _answer(service.get_worker)
        ),
        _Endpoint("GET", "/openapi.json", "INTERNAL_ERROR", lambda: _json(document)),
    )


def _answer(method: Callable[..., dict[str, Any]]) -> Callable[..., flask.Response]:
    return lambda **path: _json(method(**path))


def _json(document: Any, status: int = 200) -> flask.Response:
    return flask.Response(_encode(document), status, content_type="application/json")


def _empty(status: int) -> flask.Response:
    response = flask.Response(status=status)
    del response.headers["Content-Type"]
    return response


def _error(
    status: int, error_code: str | None = None, message: str | None = None
) -> flask.Response:
    body = error_body(status, error_code, message)
    return flask.Response(body, status, content_type="application/json")


def _failure(error: Exception) -> flask.Response:
    if isinstance(error, sa.exc.SQLAlchemyError) and is_unavailable(error):
        logger.warning("the database is busy or away: %s", type(error).__name__)
        error = _unavailable()
    if isinstance(error, Refusal):
        response = _error(error.status, error.error_code, error.message)
        if error.status == 503:
            response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response
    if isinstance(error, HTTPException):
        response = _error(error.code or 500)
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response
    # What went wrong is for the log; the client only gets a number to ask about.
    number = secrets.token_hex(8)
    logger.error("unexpected failure %s", number, exc_info=error)
    fault = flask.request.endpoint or "INTERNAL_ERROR"
    return _error(500, fault, f"the server failed unexpectedly; failure {number}")


def _unavailable() -> Refusal:
    return Refusal(503, "DATABASE_UNAVAILABLE", "the database is busy or away")


class _Guard:
    """Lets only those in who use a name of this server and know the token."""

    def __init__(self, token: str | None, hosts: Iterable[str]) -> None:
        self._expected = None if token is None else token.encode()
        self._hosts = Hosts(hosts)

    def check(self) -> flask.Response | None:
        environ = flask.request.environ
        name = host_name(environ.get("HTTP_HOST", ""))
        if name is None:
            return _error(400, message="the Host header is missing or malformed")
        if name not in self._hosts:
            return _error(421, "HOST_NOT_ALLOWED", "this server is not known by that name")
        if self._expected is not None and not self._knows(environ.get("HTTP_AUTHORIZATION", "")):
            response = _error(401, "UNAUTHORIZED", "a valid bearer token is needed")
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        if environ["PATH_INFO"].startswith("//"):
            # The router takes all slashes in front for one.
            return _error(404)
        return None

    def _knows(self, authorization: str) -> bool:
        assert self._expected is not None
        scheme, _, token = authorization.partition(" ")
        given = token.strip(" ").encode("latin-1")
        return hmac.compare_digest(given, self._expected) and scheme.lower() == "bearer"
