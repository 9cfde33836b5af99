"""Many commands in one session."""

from __future__ import annotations

import io
from typing import Any

import pytest

from ampctl.app import AmpApp
from ampctl.client import AdminClient
from ampctl.errors import UsageError
from ampctl.session import Session
from ampctl.shell.complete.engine import Engine
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


def test_options_kept_instead_of_others_move_all_that_rests_on_them(
    api: Api, session: Session
) -> None:
    app = AmpApp(session)
    engine = Engine(app.registry, lambda: app, monotonic=session.runtime.monotonic)
    places, clients, asked = [], [], []

    for url in ("http://localhost:1610", "http://localhost:1611", "http://localhost:1612"):
        session.configure({"admin_url": url})
        with session.keep_options():
            session.configure({})  # as before each prompt
            places.append(session.place)
            clients.append(session.client)
            asked.append(engine.connect({}))

    assert places == ["localhost:1610", "localhost:1611", "localhost:1612"]
    assert len(set(map(id, clients))) == len(set(map(id, asked))) == 3
    assert repr(asked[1]) == repr(clients[1]) == "AdminClient('http://localhost:1611')"


def test_a_client_that_can_not_be_made_leaves_the_one_before(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.configure({})
    first = session.client
    closed: list[AdminClient] = []
    monkeypatch.setattr(AdminClient, "close", closed.append)
    session.configure({"ca_file": "/nowhere.pem"})

    with pytest.raises(UsageError):
        _ = session.client
    assert closed == []
    session.configure({})
    assert session.client is first


def test_the_client_before_is_closed_when_the_next_one_is_there(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.configure({})
    first = session.client
    closed: list[bool] = []
    monkeypatch.setattr(first, "close", lambda: closed.append(True))

    session.configure({"admin_url": "http://localhost:1611"})

    assert session.client is not first
    assert closed == [True]


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
