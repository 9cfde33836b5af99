"""A server that takes long to answer."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from ampctl.app import AmpApp
from ampctl.console.console import Console
from ampctl.console.waiting import Waiting
from ampctl.session import Session
from ampctl.testing import FakeClock, fake_runtime

ERASE = "\r\x1b[K"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def wait(clock: FakeClock, *seconds: float, **options: Any) -> str:
    """Return what is on the screen when the timer rings after each of the ``seconds``."""
    runtime = fake_runtime(clock=clock, **options)
    console = Console(runtime)
    waiting = Waiting(console, "http://amp:1610", clock.monotonic)
    waiting.start()
    with waiting.watch():
        for pause_s in seconds:
            clock.sleep(pause_s)
            if signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
                signal.raise_signal(signal.SIGALRM)
        console.say("meanwhile")
    waiting.stop()
    return runtime.stderr.getvalue()  # type: ignore[attr-defined]


def test_the_server_is_named_after_a_few_seconds_and_the_line_is_erased(clock: FakeClock) -> None:
    shown = wait(clock, 2, 1, 1, is_terminal=True)

    assert shown == (
        "\rwaiting for http://amp:1610 (3 s)\x1b[K"
        "\rwaiting for http://amp:1610 (4 s)\x1b[K"
        f"{ERASE}meanwhile\n"
    )
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def test_what_an_interrupted_command_has_left_is_not_shown_at_the_prompt(clock: FakeClock) -> None:
    runtime = fake_runtime(clock=clock, is_terminal=True)
    waiting = Waiting(Console(runtime), "http://amp:1610", clock.monotonic)
    waiting.start()
    with waiting.watch():
        clock.sleep(5)
        signal.raise_signal(signal.SIGALRM)
        waiting.forget()
        shown = runtime.stderr.getvalue()  # type: ignore[attr-defined]

        clock.sleep(5)
        signal.raise_signal(signal.SIGALRM)
    waiting.stop()

    assert shown == f"\rwaiting for http://amp:1610 (5 s)\x1b[K{ERASE}"
    assert runtime.stderr.getvalue() == shown  # type: ignore[attr-defined]


def test_the_prompt_begins_a_command_of_its_own(clock: FakeClock) -> None:
    session = Session(fake_runtime(clock=clock, is_terminal=True))
    session.configure({})
    client: Any = session.client
    client._waiting._since_s[object()] = 0.0

    session.configure({})

    assert client._waiting._since_s == {}
    session.close()


def test_the_line_fits_the_terminal(clock: FakeClock) -> None:
    shown = wait(clock, 3, is_terminal=True, environ={"COLUMNS": "20"})

    assert shown.startswith("\rwaiting for http://\x1b[K")


def test_a_server_that_answers_soon_is_not_named(clock: FakeClock) -> None:
    assert wait(clock, 2, is_terminal=True) == "meanwhile\n"


@pytest.mark.parametrize(
    "options",
    [{}, {"is_terminal": True, "environ": {"TERM": "dumb"}}, {"stdout_is_terminal": True}],
    ids=["pipe", "dumb", "only stdout"],
)
def test_nothing_is_shown_but_on_a_terminal_that_can_erase_it(
    clock: FakeClock, options: dict[str, Any]
) -> None:
    assert wait(clock, 9, **options) == "meanwhile\n"


def test_the_timer_rests_while_nothing_is_asked(clock: FakeClock) -> None:
    waiting = Waiting(Console(fake_runtime(is_terminal=True)), "http://amp:1610", clock.monotonic)
    waiting.start()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    for _ in range(2):
        with waiting.watch():
            assert signal.getitimer(signal.ITIMER_REAL)[1] == 1.0
        # It costs less to let it ring once more than to set it for each request.
        signal.raise_signal(signal.SIGALRM)
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    waiting.stop()


def test_a_timer_that_is_taken_is_left_alone(clock: FakeClock) -> None:
    rung: list[int] = []
    signal.signal(signal.SIGALRM, lambda number, frame: rung.append(number))
    try:
        assert wait(clock, 9, is_terminal=True) == "meanwhile\n"
        assert rung == [signal.SIGALRM]
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def test_a_command_watches_its_requests(api: Any, clock: FakeClock) -> None:
    def answer(*_: object) -> dict[str, Any]:
        clock.sleep(4)
        signal.raise_signal(signal.SIGALRM)
        return {"jobs": [], "next_cursor": None}

    api.on("GET", "/jobs", answer)
    runtime = fake_runtime(clock=clock, is_terminal=True)
    session = Session(runtime)

    assert AmpApp(session).run(["job", "list"]) == 0
    session.close()

    assert "waiting for http://localhost:1610 (4 s)" in runtime.stderr.getvalue()  # type: ignore[attr-defined]
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def test_the_line_is_erased_when_the_answer_comes(clock: FakeClock) -> None:
    runtime = fake_runtime(clock=clock, is_terminal=True)
    waiting = Waiting(Console(runtime), "http://amp:1610", clock.monotonic)
    waiting.start()

    with waiting.watch():
        clock.sleep(3)
        signal.raise_signal(signal.SIGALRM)
    waiting.stop()

    assert runtime.stderr.getvalue().endswith(f"(3 s)\x1b[K{ERASE}")  # type: ignore[attr-defined]


def test_a_thread_whose_messages_are_held_leaves_the_line_alone(clock: FakeClock) -> None:
    runtime = fake_runtime(clock=clock, is_terminal=True)
    console = Console(runtime)
    waiting = Waiting(console, "http://amp:1610", clock.monotonic)
    waiting.start()

    with waiting.watch(), console.set_aside() as messages:
        clock.sleep(3)
        console.say("held")
        console.show_status("from a thread")
    waiting.stop()

    assert (runtime.stderr.getvalue(), messages) == ("", ["held"])  # type: ignore[attr-defined]


def test_the_line_of_a_request_on_a_thread_is_erased_by_the_timer(clock: FakeClock) -> None:
    runtime = fake_runtime(clock=clock, is_terminal=True)
    console = Console(runtime)
    waiting = Waiting(console, "http://amp:1610", clock.monotonic)
    waiting.start()
    request = waiting.watch()
    request.__enter__()
    clock.sleep(3)
    signal.raise_signal(signal.SIGALRM)

    with console.set_aside():
        request.__exit__(None, None, None)
    assert runtime.stderr.getvalue().endswith("(3 s)\x1b[K")  # type: ignore[attr-defined]
    signal.raise_signal(signal.SIGALRM)
    waiting.stop()

    assert runtime.stderr.getvalue().endswith(f"(3 s)\x1b[K{ERASE}")  # type: ignore[attr-defined]


def test_a_line_of_something_else_is_left_alone(clock: FakeClock) -> None:
    runtime = fake_runtime(clock=clock, is_terminal=True)
    console = Console(runtime)
    waiting = Waiting(console, "http://amp:1610", clock.monotonic)
    waiting.start()
    console.show_status("last update 40s ago")

    with waiting.watch():
        signal.raise_signal(signal.SIGALRM)
    signal.raise_signal(signal.SIGALRM)
    waiting.stop()

    assert runtime.stderr.getvalue() == "\rlast update 40s ago\x1b[K"  # type: ignore[attr-defined]
