"""The Admin API as a WSGI application: who may call, the routes, and an error body for failures.

An unknown path and a wrong method have no error body, as with the reference service.
"""

from __future__ import annotations

from collections.abc import Iterable

import flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from ampctl_sandbox.api.change_limit import ChangeLimit
from ampctl_sandbox.api.failures import explain
from ampctl_sandbox.api.guard import Guard
from ampctl_sandbox.api.openapi import make_openapi
from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.api.routes import EXTENSION, Backend, get_backend, routes, send_nothing
from ampctl_sandbox.api.service import Service


def make_app(
    service: Service, *, token: str | None = None, hosts: Iterable[str] = ()
) -> flask.Flask:
    """Return the WSGI application.

    Args:
        service: answers the endpoints.
        token: the bearer token that every request must carry, if any.
        hosts: names that a ``Host`` header may hold, besides ``localhost`` and addresses.
    """
    app = flask.Flask(__name__, static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # Paths are read as they are: the API never redirects.
    app.url_map.merge_slashes = False
    document = make_openapi(needs_token=token is not None, release=service.release)
    app.extensions[EXTENSION] = Backend(service, document, ChangeLimit())
    app.before_request(Guard(token, hosts).check)
    app.before_request(_check_path)
    app.register_error_handler(Refusal, _send_refusal)
    app.register_error_handler(NotFound, lambda _: send_nothing(404))
    app.register_error_handler(MethodNotAllowed, _send_wrong_method)
    app.register_error_handler(HTTPException, _send_http_error)
    app.register_error_handler(Exception, _send_failure)
    app.register_blueprint(routes)
    return app


def _check_path() -> None:
    if not get_backend().service.release.has_path(flask.request.path):
        raise NotFound


def _send_refusal(refusal: Refusal) -> flask.Response:
    response = flask.Response(refusal.body, refusal.status, content_type="application/json")
    response.headers.update(refusal.headers)
    return response


def _send_wrong_method(error: MethodNotAllowed) -> flask.Response:
    response = send_nothing(405)
    response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _send_http_error(error: HTTPException) -> flask.Response:
    return _send_refusal(Refusal(error.code or 500))


def _send_failure(error: Exception) -> flask.Response:
    return _send_refusal(explain(error, "INTERNAL_ERROR"))
