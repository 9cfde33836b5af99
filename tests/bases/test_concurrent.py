"""Several targets at a time: their order, their number, and what an interrupt leaves."""

from __future__ import annotations

import http.server
import json
import re
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ampctl.bases import targets as targets_module
from ampctl.bases.calls import Calls
from ampctl.errors import ConnectError, NotFoundError
from ampctl.plugin import Answer, Column, Lister

from .running import do

PATIENCE_S = 30


class CallEach(Lister):
    """Call a function for each of several numbers."""

    columns = (Column("number", lambda number, now: number),)
    count = 9
    concurrent = True
    call: Callable[[CallEach, int], int]

    def take_action(self, parsed_args: Any) -> Answer[int]:
        numbers = range(self.count)
        return Answer(self.for_each(numbers, self.call, changes=True, concurrent=self.concurrent))


def call_each(call: Callable[[CallEach, int], int], *options: str, **settings: Any) -> Any:
    """Run a command that makes ``call`` for the numbers from 0 on."""
    members = {name: settings.pop(name) for name in ("count", "concurrent") if name in settings}
    command = type(
        "CallSome",
        (CallEach,),
        {"call": call, "__doc__": "Call.", "__module__": __name__, **members},
    )
    return do(command, "-f", "value", *options, **settings)


def backwards() -> Callable[[int], None]:
    """Return a function that lets the numbers 8 to 1 pass in this order; all have to be there."""
    passed = [threading.Event() for _ in range(10)]
    passed[9].set()

    def wait(number: int) -> None:
        assert number == 0 or passed[number + 1].wait(PATIENCE_S)
        passed[number].set()

    return wait


def test_results_and_messages_come_in_the_order_of_the_targets() -> None:
    wait = backwards()

    def call(command: CallEach, number: int) -> int:
        command.console.warn(f"at {number}")
        wait(number)
        if number % 2:
            raise NotFoundError(f"no {number}", hint="look again")
        command.console.warn(f"after {number}")
        return number

    result = call_each(call, expect=3)

    assert result.stdout.split() == ["0", "2", "4", "6", "8"]
    told = [re.sub(r"^ampctl: ", "", line) for line in result.stderr.splitlines()]
    expected = []
    for number in range(9):
        end = [f"no {number}", "        Try: look again"] if number % 2 else [f"after {number}"]
        expected += [f"at {number}", *end]
    assert told == [*expected, "4 of 9 failed"]


def test_calls_stay_on_one_thread_unless_the_command_allows_more() -> None:
    threads = []

    def call(command: CallEach, number: int) -> int:
        threads.append(threading.current_thread())
        return number

    call_each(call, concurrent=False)

    assert threads == [threading.main_thread()] * 9


def test_a_server_that_is_away_is_tried_in_turn() -> None:
    threads = []

    def call(command: CallEach, number: int) -> int:
        threads.append(threading.current_thread())
        raise ConnectError("no")

    call_each(call, expect=5)

    assert threads == [threading.main_thread()] * 9


def test_a_bug_ends_the_calls_and_loses_nothing_that_was_done() -> None:
    wait = backwards()

    def call(command: CallEach, number: int) -> int:
        wait(min(number, 8))
        if number == 8:
            raise ValueError("a bug")
        return number

    result = call_each(call, count=99, expect=1)

    assert result.stdout.split()[:8] == [str(number) for number in range(8)]
    assert "this is a bug in bases: ValueError: a bug" in result.stderr
    # Calls that end before the bug is known of let others begin, and those count too.
    assert len(result.stdout.split()) <= 8 + 7


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """An event that tells that the command has heard the interrupt."""
    heard, stop = threading.Event(), Calls.stop

    def stop_and_tell(calls: Any, longest_s: float) -> Any:
        heard.set()
        return stop(calls, longest_s)

    monkeypatch.setattr(Calls, "stop", stop_and_tell)
    return heard


def interrupt() -> None:
    ident = threading.main_thread().ident
    assert ident is not None
    signal.pthread_kill(ident, signal.SIGINT)


def test_an_interrupt_finishes_what_is_in_flight_and_begins_nothing_more(
    interrupted: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The usual two seconds may be over before a thread has run, on a machine that stands still.
    monkeypatch.setattr(targets_module, "LONGEST_FINISH_S", PATIENCE_S)
    all_there = threading.Barrier(8, action=interrupt)

    def call(command: CallEach, number: int) -> int:
        if number:
            all_there.wait(PATIENCE_S)
            assert interrupted.wait(PATIENCE_S)
        return number

    result = call_each(call, count=20, expect=130)

    assert result.stderr == "ampctl: interrupted; 9 tried, 11 not tried\n"
    assert result.stdout.split() == [str(number) for number in range(9)]


def test_what_does_not_end_after_an_interrupt_is_told_as_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(targets_module, "LONGEST_FINISH_S", 0)
    is_over = threading.Event()

    def call(command: CallEach, number: int) -> int:
        if number:
            interrupt()
            is_over.wait(PATIENCE_S)
        return number

    result = call_each(call, count=2, expect=130)
    is_over.set()

    assert result.stdout == "0\n"
    assert result.stderr == (
        "ampctl: interrupted at 1, which may have been carried out; 1 tried, 0 not tried\n"
    )


class ReadEach(Lister):
    """Read something about several numbers before anything else."""

    columns = (Column("number", lambda number, now: number),)

    def take_action(self, parsed_args: Any) -> Answer[int]:
        wait = backwards()

        def read(number: int) -> int:
            wait(number)
            if number in (3, 5):
                raise NotFoundError(f"no {number}")
            return number

        return Answer(self.read_each(range(9), read))


def test_the_first_failure_of_a_reading_is_that_of_the_first_target() -> None:
    result = do(ReadEach, expect=3)

    assert (result.stdout, result.stderr) == ("", "ampctl: no 3\n")


class CountingServer(http.server.ThreadingHTTPServer):
    """Answers eight requests together, and counts.

    Attributes:
        connections: how many there have been.
        most: how many requests there were at a time.
        is_dying: whether all requests but the first are left without an answer.
    """

    daemon_threads = True
    is_dying = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.together = threading.Barrier(8)
        self.requests = self.connections = self.present = self.most = 0

    def __enter__(self) -> CountingServer:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    """Counts a connection and its requests."""

    protocol_version = "HTTP/1.1"
    server: CountingServer

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def do_PUT(self) -> None:
        server = self.server
        with server.lock:
            server.requests += 1
            server.present += 1
            server.most = max(server.most, server.present)
            is_first = server.requests == 1
        if not is_first and server.is_dying:
            self.close_connection = True
            return
        if not is_first:
            server.together.wait(PATIENCE_S)
        with server.lock:
            server.present -= 1
        body = json.dumps({}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[CountingServer]:
    with CountingServer() as server:
        yield server


def put(command: CallEach, number: int) -> int:
    """Change a thing."""
    command.client.put("things", number, action=f"change thing {number}")
    return number


def url_of(server: CountingServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def test_eight_requests_are_in_flight_over_connections_that_are_kept(
    server: CountingServer,
) -> None:
    result = call_each(put, "--admin-url", url_of(server), count=41)

    assert result.stdout.split() == [str(number) for number in range(41)]
    assert (server.requests, server.most, server.connections) == (41, 8, 8)


def test_a_server_that_dies_meanwhile_is_given_up(server: CountingServer) -> None:
    server.is_dying = True

    result = call_each(put, "--admin-url", url_of(server), "--retries", "0", count=999, expect=5)

    assert result.stdout == "0\n"
    told = result.stderr.splitlines()
    failed = [line for line in told if line.startswith("ampctl: can't change thing")]
    left = re.fullmatch(r"ampctl: the server does not answer: (\d+) not tried", told[-1])
    assert left is not None
    # Three in a row, and what was in flight with them.
    assert 3 <= len(failed) == server.requests - 1 <= 3 + 7
    assert len(failed) + int(left[1]) == 998
