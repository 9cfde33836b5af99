"""Many commands in one session."""

from __future__ import annotations

import io
from typing import Any

import pytest

from ampctl.app import AmpApp
from ampctl.client import AdminClient
from ampctl.session import Session
from ampctl.testing import Api, fake_runtime

WORKERS = {"workers": [{"node_id": "worker-1"}]}
PAGE = {"jobs": [], "next_cursor": None}


@pytest.fixture
def session() -> Session:
    return Session(fake_runtime())


def test_commands_share_one_client_until_its_settings_change(api: Api, session: Session) -> None:
    api.on("GET", "/jobs", PAGE)
    app = AmpApp(session)
    clients: list[AdminClient] = []

    for options in ([], ["-v"], ["--retries", "0"], []):
        assert app.run(["job", "list", *options]) == 0
        clients.append(session.client)

    assert clients[0] is clients[1]
    assert clients[1] is not clients[2]
    assert clients[2] is not clients[3]


def test_a_token_read_from_the_environment_again_is_the_same_one(api: Api) -> None:
    api.on("GET", "/jobs", PAGE)
    session = Session(fake_runtime(environ={"AMP_AUTH_TOKEN": "s3cret"}))
    app = AmpApp(session)

    app.run(["job", "list"])
    first = session.client
    app.run(["job", "list"])

    assert session.client is first


def test_a_failure_is_reported_and_leaves_nothing_to_the_next_command(
    api: Api, session: Session
) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")
    app = AmpApp(session)

    assert app.run(["job", "get", "7", "--debug"]) == 3
    assert app.run(["job", "get", "7"]) == 3
    assert app.run(["no", "such"]) == 2

    told = session.runtime.stderr.getvalue()  # type: ignore[attr-defined]
    assert told.count("Traceback") == 1
    assert "PartialFailure" not in told
    assert "'no' is not a command" in told


def test_one_command_may_write_elsewhere(api: Api, session: Session) -> None:
    api.on("GET", "/jobs", PAGE)
    app, elsewhere = AmpApp(session), io.StringIO()

    app.run(["job", "list", "--json"], stdout=elsewhere)
    app.run(["--version"])

    assert elsewhere.getvalue() == '{"jobs":[],"next_cursor":null}\n'
    assert session.runtime.stdout.getvalue().startswith("ampctl ")  # type: ignore[attr-defined]


def test_which_plugins_count_is_decided_by_the_first_command(session: Session) -> None:
    app = AmpApp(session)

    assert app.run(["--no-plugins", "help"]) == 0
    assert app.run(["help", "job"]) == 2


def test_the_hooks_of_cliff_around_a_command_are_called(api: Api, session: Session) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")
    seen: list[Any] = []

    class App(AmpApp):
        def prepare_to_run_command(self, cmd: Any) -> None:
            seen.append(type(cmd).__name__)

        def clean_up(self, cmd: Any, result: int, err: BaseException | None) -> None:
            seen.append((result, type(err).__name__))

    App(session).run(["job", "get", "7"])

    assert seen == ["InspectJob", (3, "PartialFailure")]
