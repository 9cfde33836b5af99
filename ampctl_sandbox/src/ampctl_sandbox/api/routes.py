"""The routes: each says its method, its path, and the error code of an unexpected failure."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import flask

from ampctl_sandbox.api.encoding import encode_json
from ampctl_sandbox.api.failures import fail_as
from ampctl_sandbox.api.service import Service

EXTENSION = "ampctl_sandbox"

routes = flask.Blueprint("admin_api", __name__)


class Backend(NamedTuple):
    """What the routes of an application need, kept as its extension :data:`EXTENSION`."""

    service: Service
    openapi: Mapping[str, Any]
    change_limit: contextlib.AbstractContextManager[None]


@routes.get("/jobs")
@fail_as("LIST_JOBS_ERROR")
def list_jobs() -> flask.Response:
    query = flask.request.args.getlist
    return _send_json(
        get_backend().service.list_jobs(query("limit"), query("last_job_id"), query("status"))
    )


@routes.delete("/jobs")
@fail_as("DELETE_JOBS_BY_STATUS_ERROR")
def delete_jobs() -> flask.Response:
    with get_backend().change_limit:
        get_backend().service.delete_jobs(flask.request.args.getlist("status"))
    return send_nothing(204)


@routes.get("/jobs/<job_id>")
@fail_as("GET_JOB_ERROR")
def get_job(job_id: str) -> flask.Response:
    return _send_json(get_backend().service.get_job(job_id))


@routes.delete("/jobs/<job_id>")
@fail_as("DELETE_JOB_ERROR")
def delete_job(job_id: str) -> flask.Response:
    with get_backend().change_limit:
        get_backend().service.delete_job(job_id)
    return send_nothing(204)


@routes.put("/jobs/<job_id>/stop")
@fail_as("STOP_JOB_ERROR")
def stop_job(job_id: str) -> flask.Response:
    with get_backend().change_limit:
        get_backend().service.stop_job(job_id)
    return send_nothing(200)


@routes.get("/jobs/<job_id>/progress")
@fail_as("GET_TABLES_ERROR")
def get_progress(job_id: str) -> flask.Response:
    return _send(get_backend().service.get_progress(job_id))


@routes.get("/jobs/<job_id>/events")
@fail_as("GET_JOB_EVENTS_ERROR")
def list_events(job_id: str) -> flask.Response:
    return _send(get_backend().service.list_events(job_id))


@routes.get("/jobs/<job_id>/events/<event_id>")
@fail_as("GET_JOB_EVENT_ERROR")
def get_event(job_id: str, event_id: str) -> flask.Response:
    return _send(get_backend().service.get_event(job_id, event_id))


@routes.get("/workers")
@fail_as("SCHEDULER_LIST_WORKERS_ERROR")
def list_workers() -> flask.Response:
    return _send(get_backend().service.list_workers())


@routes.get("/workers/<node_id>")
@fail_as("SCHEDULER_GET_WORKER_ERROR")
def get_worker(node_id: str) -> flask.Response:
    return _send(get_backend().service.get_worker(node_id))


@routes.get("/healthz")
def show_health() -> flask.Response:
    return send_nothing(200)


@routes.get("/openapi.json")
@fail_as("INTERNAL_ERROR")
def get_openapi() -> flask.Response:
    return _send(get_backend().openapi)


def get_backend() -> Backend:
    """Return what the routes of the current application need."""
    backend: Backend = flask.current_app.extensions[EXTENSION]
    return backend


def _send(document: Mapping[str, Any]) -> flask.Response:
    return _send_json(encode_json(document))


def _send_json(text: str) -> flask.Response:
    return flask.Response(text, content_type="application/json")


def send_nothing(status: int) -> flask.Response:
    """Return an answer without a body."""
    response = flask.Response(status=status)
    del response.headers["Content-Type"]
    return response
