"""The HTTP side of the Admin API: routes, who may call, and an error body for every failure."""

from __future__ import annotations

import hmac
import ipaddress
import json
import logging
import secrets
from collections.abc import Callable, Iterable
from typing import Any

import flask
import sqlalchemy as sa
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ampctl_sandbox.engine import is_unavailable
from ampctl_sandbox.openapi import openapi_document
from ampctl_sandbox.refusal import Refusal
from ampctl_sandbox.service import Service

RETRY_AFTER_S = 1

logger = logging.getLogger(__name__)

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode

_CODES = {
    400: ("BAD_REQUEST", "the request can't be understood"),
    404: ("ROUTE_NOT_FOUND", "there is nothing at this path"),
    405: ("METHOD_NOT_ALLOWED", "the method is not allowed at this path"),
    413: ("PAYLOAD_TOO_LARGE", "the body is too large"),
    431: ("HEADERS_TOO_LARGE", "the headers are too large"),
    501: ("NOT_IMPLEMENTED", "the transfer encoding is not supported"),
}


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
    for endpoint in _endpoints(service):
        app.add_url_rule(
            endpoint.path,
            endpoint=endpoint.fault,
            view_func=endpoint.view,
            methods=[endpoint.method],
            provide_automatic_options=False,
        )
    return app


def error_body(status: int, error_code: str | None = None, message: str | None = None) -> bytes:
    """Return the body that goes with an error status."""
    code, text = _CODES.get(status, ("HTTP_ERROR", "the request failed"))
    body = {"error_code": error_code or code, "error_message": message or text}
    return _encode(body).encode()


class _Endpoint:
    """A route; ``fault`` is the error code of a failure that is nobody's but the server's."""

    def __init__(self, method: str, path: str, fault: str, view: Callable[..., Any]) -> None:
        self.method = method
        self.path = path
        self.fault = fault
        self.view = view


def _endpoints(service: Service) -> Iterable[_Endpoint]:
    def list_jobs() -> flask.Response:
        query = flask.request.args.getlist
        return _json(service.list_jobs(query("limit"), query("last_job_id"), query("status")))

    def delete_jobs() -> flask.Response:
        service.delete_jobs(flask.request.args.getlist("status"))
        return _empty(204)

    def stop_job(job_id: str) -> flask.Response:
        service.stop_job(job_id)
        return _empty(200)

    def delete_job(job_id: str) -> flask.Response:
        service.delete_job(job_id)
        return _empty(204)

    document = openapi_document()
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
    if isinstance(error, Refusal):
        return _error(error.status, error.error_code, error.message)
    if isinstance(error, HTTPException):
        response = _error(error.code or 500)
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response
    if isinstance(error, sa.exc.SQLAlchemyError) and is_unavailable(error):
        logger.warning("the database is busy or away: %s", type(error).__name__)
        response = _error(503, "DATABASE_UNAVAILABLE", "the database is busy or away")
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response
    # What went wrong is for the log; the client only gets a number to ask about.
    number = secrets.token_hex(8)
    logger.error("unexpected failure %s", number, exc_info=error)
    fault = flask.request.endpoint or "INTERNAL_ERROR"
    return _error(500, fault, f"the server failed unexpectedly; failure {number}")


class _Guard:
    """Lets only those in who use a name of this server and know the token."""

    def __init__(self, token: str | None, hosts: Iterable[str]) -> None:
        self._expected = None if token is None else token.encode()
        self._hosts = {"localhost", *(host.lower() for host in hosts)}

    def check(self) -> flask.Response | None:
        environ = flask.request.environ
        host = environ.get("HTTP_HOST", "")
        if not host:
            return _error(400, message="the Host header is missing")
        if not self._is_ours(host):
            # A web page can make its own name lead here; it can't hide that name.
            return _error(421, "HOST_NOT_ALLOWED", "this server is not known by that name")
        if self._expected is not None and not self._knows(environ.get("HTTP_AUTHORIZATION", "")):
            response = _error(401, "UNAUTHORIZED", "a valid bearer token is needed")
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        return None

    def _is_ours(self, host: str) -> bool:
        name = host_name(host).lower()
        return name in self._hosts or _is_address(name)

    def _knows(self, authorization: str) -> bool:
        assert self._expected is not None
        scheme, _, token = authorization.partition(" ")
        given = token.strip(" ").encode("latin-1")
        return hmac.compare_digest(given, self._expected) and scheme.lower() == "bearer"


def host_name(host: str) -> str:
    """Return the name or address in a ``Host`` header, without port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_address(name: str) -> bool:
    # An address can't be pointed elsewhere, so it is never a foreign name.
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
