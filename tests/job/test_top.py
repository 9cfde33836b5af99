"""``job top``, at a terminal in memory."""

from __future__ import annotations

import dataclasses
import itertools
import os
from collections.abc import Iterable
from typing import Any

import pyte
import pytest
import requests

from ampctl.client.background import start_call
from ampctl.console import fullscreen, painter
from ampctl.errors import Terminated
from ampctl.testing import FakeClock, Result, fake_runtime, invoke
from ampctl.testing.fakes import FakeKeyboard
from ampctl_job.testing import (
    descriptor,
    event,
    job,
    page,
    progress,
    table_progress,
    worker,
)
from ampctl_job.top import loop

LIST = (
    "/jobs?limit=1000&status=scheduled%2Crunning%2Cstop_requested%2Cstopping"
    "%2Cerror%2Cfatal%2Cfailed"
)
FATAL = {"error_code": "RPC_DOWN", "error_message": "no answer of the node"}


class Viewer(FakeClock):
    """A clock that looks at a terminal whenever time passes.

    Attributes:
        screens: what the terminal showed, line by line.
    """

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__()
        self.terminal = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.terminal)
        self._shown = 0
        self.screens: list[list[str]] = []
        self.runtime: Any = None

    def sleep(self, seconds: float) -> None:
        text = self.runtime.stdout.getvalue()
        self._stream.feed(text[self._shown :].replace("\n", "\r\n"))
        self._shown = len(text)
        self.screens.append([line.rstrip() for line in self.terminal.display])
        super().sleep(seconds)


@dataclasses.dataclass
class Seen:
    """What was shown, and what was asked."""

    result: Result
    screens: list[list[str]]

    @property
    def last(self) -> list[str]:
        return [line for line in self.screens[-1] if line]

    def find(self, text: str) -> list[str]:
        """Return the lines of the last screen that have a text in them."""
        return [line for line in self.last if text in line]


@pytest.fixture
def top(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run ``job top`` while keys are pressed; each answer is there at once."""

    def call_now(call: Any) -> Any:
        future = start_call(call)
        future.exception()
        return future

    def run(
        *options: str,
        keys: Iterable[str | float] = (),
        columns: int = 80,
        rows: int = 24,
        expect: int = 130,
        environ: dict[str, str] | None = None,
    ) -> Seen:
        size = os.terminal_size((columns, rows))
        for module in (fullscreen, painter):
            monkeypatch.setattr(module, "measure_terminal", lambda terminal: size)
        monkeypatch.setattr(loop, "start_call", call_now)
        viewer = Viewer(columns, rows)
        viewer.runtime = fake_runtime(is_terminal=True, keys=keys, clock=viewer, environ=environ)
        run = {"runtime": viewer.runtime, "expect": expect}
        result = invoke("job", "top", "--retries", "0", *options, **run)
        return Seen(result, viewer.screens)

    return run


def serve_workers(api: Any, *workers: dict[str, Any]) -> None:
    """Answer with workers as they are at one and the same moment."""
    date = {"Date": "Sun, 01 Mar 2026 12:00:00 GMT"}
    api.mocker.get(f"{api.url}/workers", json={"workers": list(workers)}, headers=date)


def serve(api: Any, *jobs: dict[str, Any], query: str | None = LIST) -> None:
    """Answer with jobs, unless ``query`` is None, their workers, progress and events."""
    if query:
        api.on("GET", query, page(*jobs))
    serve_workers(api, worker())
    for one in jobs:
        failed = {"detail": FATAL} if one["status"] in ("ERROR", "FATAL") else {}
        document = progress(one["id"], one["status"], **failed)
        api.mocker.get(f"{api.url}/jobs/{one['id']}/progress", json=document)
        log = [event(1, "SCHEDULED"), event(2, one["status"])]
        api.mocker.get(
            f"{api.url}/jobs/{one['id']}/events", json={"job_id": one["id"], "events": log}
        )


def test_q_leaves_with_success(api: Any, top: Any) -> None:
    serve(api, job(7))

    seen = top(keys=[3, "q"], expect=0)

    assert seen.result.stdout.endswith("\033[?25h\033[?1049l")
    assert seen.result.stderr == ""


def test_jobs_are_shown_with_status_dataset_age_and_fault(api: Any, top: Any) -> None:
    serve(api, job(9), job(8, "FATAL"), job(7, "ERROR"))

    seen = top(keys=[9])

    assert seen.last[0] == (
        "job top, localhost:1610, 12:00:08 UTC: 3 active and failed, order: newest"
    )
    assert seen.last[1] == "✗ 1 ERROR  ✗ 1 FATAL  ▶ 1 RUNNING"
    assert seen.last[2] == "workers: 1 alive"
    assert seen.last[3] == "datasets: eth_mainnet/blocks 3 (2 failed)"
    assert seen.find("> ")[0].split()[:4] == [">", "9", "▶", "RUNNING"]
    assert "RPC_DOWN: no a" in seen.find("✗ FATAL")[0]
    assert "2h" in seen.find("eth_mainnet/blocks")[1]
    assert seen.last[-1].endswith("q quit")


def test_speeds_are_smoothed_and_come_from_the_block_that_all_tables_have(
    api: Any, top: Any
) -> None:
    serve(api, job(7))
    answers = [
        {"a": table_progress(current_block=block), "b": table_progress(current_block=block + 500)}
        for block in range(0, 9000, 300)
    ]
    api.mocker.get(
        f"{api.url}/jobs/7/progress", [{"json": progress(7, tables=one)} for one in answers]
    )

    seen = top(keys=[10], columns=140)

    (line,) = seen.find("RUNNING  ")
    assert 90 < float(line.split()[5]) < 160
    assert "█" in line


def test_the_server_is_asked_one_thing_a_second_at_most(api: Any, top: Any) -> None:
    serve(api, *(job(number) for number in range(40, 20, -1)), job(20, "FATAL"))
    asked: list[float] = []
    plain = loop.Loop._choose

    def choose(self: Any) -> Any:
        ask = plain(self)
        if ask is not None:
            asked.append(self._command.runtime.monotonic())
        return ask

    loop.Loop._choose = choose  # type: ignore[method-assign]
    try:
        top(keys=[60, "e", 30, "escape", "w", 30])
    finally:
        loop.Loop._choose = plain  # type: ignore[method-assign]

    assert len(asked) == len(api.requests)
    assert 90 < len(asked) <= 121
    assert min(b - a for a, b in itertools.pairwise(asked)) >= 1
    lists = [at for at, request in zip(asked, api.requests, strict=True) if "/jobs?" in request]
    assert max(b - a for a, b in itertools.pairwise(lists)) <= 5
    for number in range(40, 30, -1):
        assert api.requests.count(f"GET /jobs/{number}/progress") > 1


@pytest.mark.parametrize(("columns", "rows"), [(40, 10), (60, 24), (80, 24), (120, 30), (200, 50)])
def test_a_thousand_jobs_fit_into_any_screen(api: Any, top: Any, columns: int, rows: int) -> None:
    statuses = ("RUNNING", "FATAL", "STOPPING")
    serve(api, *(job(number, statuses[number % 3]) for number in range(1000, 0, -1)))

    seen = top(keys=[2, "end", 2, "pageup", 2, "down", 1], columns=columns, rows=rows)

    assert all(len(line) < columns for line in seen.last)
    assert len(seen.screens[-1]) == rows
    assert "1,000 active and failed" in " ".join(seen.last[:2])
    assert any(line.startswith("q quit") or line.endswith("q quit") for line in seen.last)
    chosen = [line for line in seen.last if line.startswith("> ")]
    assert len(chosen) == 1
    assert int(chosen[0].split()[1]) < 100
    assert rows < 24 or "FATAL" in seen.last[1] + seen.last[2]


def test_text_of_others_can_not_move_the_cursor(api: Any, top: Any) -> None:
    nasty = "x\x1b[2J\x1b]0;title\x07\ny"
    described = descriptor(dataset_name=nasty)
    serve(api, job(7, "FATAL", descriptor=described, node_id=nasty))
    serve_workers(api, worker(nasty, heartbeat_at="2026-01-01T00:00:00Z"))
    api.mocker.get(
        f"{api.url}/jobs/7/progress",
        json=progress(7, "FATAL", detail={"error_code": nasty, "error_message": nasty}),
    )
    whole = {**event(2, "FATAL"), "job_id": 7, "detail": FATAL}
    api.mocker.get(f"{api.url}/jobs/7/events/2", json=whole)

    seen = top(keys=[5, "i", 5, "e", 5, "d", 1, "w", 1], columns=200)

    written = seen.result.stdout
    assert "\x1b[2J" not in written
    assert "\x07" not in written
    assert "x\\x1b[2J" in written


def test_an_outage_is_ridden_out_and_told(api: Any, top: Any) -> None:
    serve(api, query=None)
    api.mocker.get(
        api.url + LIST,
        [
            {"json": page(job(7))},
            *[{"exc": requests.ConnectionError}] * 4,
            {"json": page(job(7), job(6))},
        ],
    )
    api.mocker.get(f"{api.url}/jobs/7/progress", json=progress(7))
    api.mocker.get(f"{api.url}/jobs/6/progress", json=progress(6))

    seen = top(keys=[20])

    told = [screen[1] for screen in seen.screens if screen[1].startswith("last update ")]
    ages = [int(line.split()[2].removesuffix("s")) for line in told]
    assert max(ages) >= 4
    assert ages == sorted(ages)
    assert "can't list jobs" in told[0]
    assert "2 RUNNING" in seen.last[1]
    assert seen.result.stderr == ""


@pytest.mark.parametrize(("status", "code"), [(401, 4), (403, 4)])
def test_a_token_that_is_not_accepted_any_more_ends_it(
    api: Any, top: Any, status: int, code: int
) -> None:
    serve(api, query=None)
    refusal = {"error_code": "NO", "error_message": "no"}
    api.mocker.get(api.url + LIST, [{"json": page()}, {"json": refusal, "status_code": status}])

    seen = top(keys=[60], expect=code)

    assert seen.result.stdout.endswith("\033[?25h\033[?1049l")
    assert f"HTTP {status}" in seen.result.stderr


@pytest.mark.parametrize("path", ["/workers", "/jobs/7/progress"])
def test_so_does_one_that_is_refused_for_something_else(api: Any, top: Any, path: str) -> None:
    serve(api, job(7))
    refusal = {"error_code": "NO", "error_message": "no"}
    api.mocker.get(api.url + path, json=refusal, status_code=403)

    top(keys=[60], expect=4)


def test_what_is_refused_for_one_job_is_told_and_ends_nothing(api: Any, top: Any) -> None:
    serve(api, job(8), job(7))
    refusal = {"error_code": "GET_JOB_PROGRESS_ERROR", "error_message": "the files are gone"}
    api.mocker.get(f"{api.url}/jobs/7/progress", json=refusal, status_code=500)

    seen = top(keys=[9])

    assert "the files are gone" in " ".join(seen.last[-2:])
    assert api.requests.count("GET /jobs/8/progress") > 1
    assert not seen.find("last update")


def test_a_server_that_never_answered_ends_it(api: Any, top: Any) -> None:
    api.on("GET", LIST, exc=requests.ConnectionError)

    assert "can't list jobs" in top(keys=[60], expect=5).result.stderr


def test_an_older_server_has_no_workers_and_no_progress(api: Any, top: Any) -> None:
    api.on("GET", LIST, page(job(7)))
    api.on("GET", "/workers", status=404, text="not found")
    api.on("GET", "/jobs/7/progress", status=404, text="not found")

    seen = top(keys=[20])

    assert api.requests.count("GET /workers") == 1
    assert api.requests.count("GET /jobs/7/progress") == 1
    assert "workers" not in seen.last[2]
    assert seen.find("▶ RUNNING")


@pytest.mark.parametrize("no", ["n", "N", "enter", "escape", "q"])
def test_a_stop_is_asked_about_and_a_no_sends_nothing(api: Any, top: Any, no: str) -> None:
    serve(api, job(7))

    asked = top(keys=[3, "s", 1, "x", "down", 1])
    seen = top(keys=[3, "s", 1, "x", "down", no, 2])

    assert asked.screens[-1][-2] == "http://localhost:1610: Stop 1 RUNNING: job 7? [y/N]"
    assert not asked.find("q quit")
    assert seen.last[-1] == "job 7: nothing was done"
    assert seen.find("q quit")
    assert not [request for request in api.requests if request.startswith("PUT")]


def test_ctrl_c_at_a_question_is_a_no_and_leaves_nothing(
    api: Any, top: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(api, job(7))
    plain = FakeKeyboard.take

    def take(keyboard: FakeKeyboard) -> str:
        if (key := plain(keyboard)) == "c-c":
            raise KeyboardInterrupt
        return key

    monkeypatch.setattr(FakeKeyboard, "take", take)

    assert top(keys=[3, "s", 1, "c-c", 2]).last[-1] == "job 7: nothing was done"


def test_what_was_pressed_before_a_question_was_seen_does_not_answer_it(api: Any, top: Any) -> None:
    serve(api, job(7))

    seen = top(keys=[3, "s", "y", "y", 1])

    assert seen.find("[y/N]")
    assert not [request for request in api.requests if request.startswith("PUT")]


def test_a_yes_stops_the_job_as_job_stop_does(api: Any, top: Any) -> None:
    serve(api, job(7))
    api.on("GET", "/jobs/7", job(7), job(7, "STOP_REQUESTED"))
    api.on("PUT", "/jobs/7/stop")

    seen = top(keys=[3, "s", 0.5, "y", 0.5])

    assert seen.last[-1] == "job 7: requested"
    assert [one for one in api.requests if one.endswith(("/7", "/stop"))] == [
        "GET /jobs/7",
        "PUT /jobs/7/stop",
        "GET /jobs/7",
    ]


def test_a_yes_removes_the_job_as_job_rm_does(api: Any, top: Any) -> None:
    serve(api, job(7, "FATAL"))
    api.on("GET", "/jobs/7", job(7, "FATAL"))
    api.on("DELETE", "/jobs/7")

    seen = top(keys=[3, "r", 0.5, "y", 0.5])

    assert "Remove 1 FATAL: job 7? [y/N]" in seen.result.stdout
    assert seen.last[-1] == "job 7: removed"


@pytest.mark.parametrize(("end", "code"), [(KeyboardInterrupt, 130), (Terminated, 143)])
def test_who_leaves_while_a_stop_is_on_its_way_is_told_so(
    api: Any, top: Any, end: type[BaseException], code: int
) -> None:
    serve(api, job(7))
    api.on("GET", "/jobs/7", job(7))
    api.on("PUT", "/jobs/7/stop", exc=end)

    seen = top(keys=[3, "s", 0.5, "y", 0.5], expect=code)

    assert "stopping job 7 …" in seen.result.stdout
    assert seen.result.stderr == (
        "ampctl: interrupted at 7, which may have been carried out; 0 tried, 0 not tried\n"
    )


def test_a_refusal_is_shown_with_its_next_step_and_ends_nothing(api: Any, top: Any) -> None:
    serve(api, job(7))
    api.on("GET", "/jobs/7", job(7))
    api.error("DELETE", "/jobs/7", 409, "JOB_CONFLICT", "job is active")

    seen = top(keys=[3, "r", 0.5, "y", 0.5, "down", 1], columns=100)

    shown = " ".join(" ".join(screen) for screen in seen.screens)
    assert "can't remove job 7" in shown
    assert "· Try: `ampctl job rm 7 --stop`" in shown
    assert "can't remove" not in " ".join(seen.last)


def test_one_job_is_inspected_with_its_fault_and_what_to_do_next(api: Any, top: Any) -> None:
    serve(api, job(8), job(7, "FATAL"))

    seen = top(keys=[2, "down", "enter", 8], rows=50)

    assert "inspect job 7" in seen.last[0]
    assert seen.find("error_code")[0].split()[1] == "RPC_DOWN"
    assert seen.find("`ampctl job rm 7` removes it")
    assert seen.find("worker_alive")[0].split()[1:] == ["yes,", "1s", "ago"]
    assert seen.find("blocks  ")
    assert seen.find("attempts")[0].split()[1] == "1"


def test_events_are_followed_with_their_faults(api: Any, top: Any) -> None:
    serve(api, job(7, "FATAL"))
    log = {"job_id": 7, "events": [event(1), event(2, "RUNNING")]}
    later = {"job_id": 7, "events": [*log["events"], event(3, "FATAL")]}
    api.mocker.get(f"{api.url}/jobs/7/events", [{"json": log}, {"json": later}])
    api.on("GET", "/jobs/7/events/3", {**event(3, "FATAL"), "job_id": 7, "detail": FATAL})

    seen = top(keys=[2, "e", 15], columns=120)

    assert api.requests.count("GET /jobs/7/events/3") == 1
    assert [line.split()[0] for line in seen.last if line.split()[0] in "123"] == ["1", "2", "3"]
    assert "no answer of the node" in seen.find("RPC_DOWN")[0]


def test_lists_can_be_narrowed_and_ordered(api: Any, top: Any) -> None:
    serve(api, job(9), job(8, "FATAL"), job(7))

    def ids(*keys: str) -> list[str]:
        shown = top(keys=[3, *keys, 0.5]).last
        return [line[1:].split()[0] for line in shown if "worker-1" in line[:70]]

    assert ids() == ["9", "8", "7"]
    assert ids("f") == ["8"]
    assert ids("f", "f") == ["9", "7"]
    assert ids("o", "o") == ["8", "9", "7"]


@pytest.mark.parametrize(
    ("status", "keys", "head"),
    [
        ("active,failed", [], "3 active and failed, order: newest"),
        ("active,failed", ["f"], "1 failed of 3 active and failed, order: newest"),
        ("running,fatal", ["f", "f", "o"], "2 active of 3 running or fatal, order: changed"),
        ("running,fatal", [], "3 running or fatal, order: newest"),
        ("all", [], "3 jobs, order: newest"),
    ],
    ids=str,
)
def test_the_head_names_what_is_listed_and_what_of_it_is_shown(
    api: Any, top: Any, status: str, keys: list[str], head: str
) -> None:
    serve(api, query=None)
    api.mocker.get(f"{api.url}/jobs", json=page(job(9), job(8, "FATAL"), job(7)))
    for number in (9, 8, 7):
        api.mocker.get(f"{api.url}/jobs/{number}/progress", json=progress(number))

    seen = top("--status", status, keys=[3, *keys, 0.5], columns=120)

    assert seen.last[0].partition("UTC: ")[2] == head


def test_datasets_and_workers_have_tables(api: Any, top: Any) -> None:
    other = descriptor(dataset_name="logs")
    serve(api, job(9), job(8, "FATAL", node_id="worker-2"), job(7, descriptor=other))
    dead = worker("worker-2", heartbeat_at="2026-03-01T11:00:00Z")
    serve_workers(api, worker(), dead)

    datasets, workers = top(keys=[4, "d", 0.5]), top(keys=[4, "w", 0.5])

    assert "workers: 1 alive, 1 dead: worker-2 (1h ago)" in datasets.last
    assert [line.split() for line in datasets.last[6:8]] == [
        ["eth_mainnet/blocks", "2", "1", "1"],
        ["eth_mainnet/logs", "1", "1", "0"],
    ]
    assert [line.split() for line in workers.last[6:8]] == [
        ["worker-1", "▶", "alive", "1s", "ago", "2", "0"],
        ["worker-2", "✗", "dead", "1h", "ago", "0", "1"],
    ]


def test_an_active_job_of_a_dead_worker_has_a_fault(api: Any, top: Any) -> None:
    serve(api, job(9, node_id="worker-2"))

    assert top(keys=[4]).find("its worker is d")


def test_the_list_goes_on_over_pages_and_gone_jobs_go(api: Any, top: Any) -> None:
    serve(api, job(9), query=None)
    api.mocker.get(
        api.url + LIST,
        [{"json": page(job(9), next_cursor=9)}, {"json": page(job(3))}],
    )
    api.mocker.get(
        f"{api.url}{LIST}&last_job_id=9",
        [{"json": page(job(8), job(7))}],
    )
    for number in (8, 7, 3):
        api.mocker.get(f"{api.url}/jobs/{number}/progress", json=progress(number))

    first, later = top(keys=[4]), top(keys=[4])

    assert "3 RUNNING" in first.last[1]
    assert "1 RUNNING" in later.last[1]


def test_filters_narrow_the_deployment(api: Any, top: Any) -> None:
    serve(api, job(9), job(8, node_id="worker-2"), query="/jobs?limit=1000&status=all")

    seen = top("--status", "all", "--worker", "worker-2", keys=[3])

    assert ": 1 jobs, order: newest" in seen.last[0]
    assert not seen.find("worker-1  ")


@pytest.mark.parametrize(
    ("environ", "options", "has_color"),
    [
        ({"NO_COLOR": ""}, (), True),
        ({"NO_COLOR": "1"}, (), False),
        ({"NO_COLOR": ""}, ("--color", "never"), False),
        ({"NO_COLOR": "1"}, ("--color", "always"), True),
    ],
    ids=str,
)
def test_colour_is_for_those_who_want_it(
    api: Any, top: Any, environ: dict[str, str], options: tuple[str, ...], has_color: bool
) -> None:
    serve(api, job(7, "FATAL"))

    seen = top(*options, keys=[3], environ=environ)

    assert ("\x1b[1;31m✗ 1 FATAL" in seen.result.stdout) == has_color
    assert ("\x1b[7m" in seen.result.stdout) == has_color
    assert seen.find("> ")
    assert seen.find("✗ 1 FATAL")


@pytest.mark.parametrize(
    "options",
    [{"is_terminal": False}, {"is_terminal": True, "environ": {"TERM": "dumb"}}],
    ids=["pipe", "dumb"],
)
def test_without_a_terminal_it_says_what_to_use_instead(options: dict[str, Any]) -> None:
    result = invoke("job", "top", expect=2, **options)

    assert "job top needs a terminal" in result.stderr
    assert "`ampctl job list --watch`" in result.stderr
    assert "jsonl" in result.stderr


def test_an_interval_is_a_second_at_least() -> None:
    invoke("job", "top", "--interval", "900ms", is_terminal=True, expect=2)


def test_a_job_that_is_gone_is_not_followed_by_another_under_its_keys(api: Any, top: Any) -> None:
    serve(api, job(9), job(8), query=None)
    api.mocker.get(api.url + LIST, [{"json": page(job(9), job(8))}, {"json": page(job(8))}])
    gone = {"error_code": "JOB_NOT_FOUND", "error_message": "no"}
    for path in ("progress", "events"):
        api.mocker.get(f"{api.url}/jobs/9/{path}", json=gone, status_code=404)

    seen = top(keys=[2, "i", 8, "s", 1])

    assert "inspect job 9" in seen.last[0]
    assert "The job is not there any more." in seen.last
    assert "[y/N]" not in seen.result.stdout
    assert not any("can't" in line for screen in seen.screens for line in screen)


def test_keys_scroll_what_has_no_room(api: Any, top: Any) -> None:
    serve(api, job(7, "FATAL"))

    first, later = top(keys=[2, "i", 6]), top(keys=[2, "i", 6, "pagedown", "end", "k", 0.5])

    assert first.find("field")
    assert not later.find("field")
    assert later.find("total_size_bytes") or later.find("size")


def test_what_is_moved_over_stays_in_sight(api: Any, top: Any) -> None:
    serve(api, *(job(number) for number in range(50, 0, -1)))

    def chosen(*keys: str | float) -> tuple[str, int]:
        last = top(keys=[2, *keys, 0.5]).screens[-1]
        (at,) = [number for number, line in enumerate(last) if line.startswith(">")]
        return last[at].split()[1], at

    assert chosen("down", "j") == ("48", 9)
    assert chosen("pagedown")[0] == "36"
    assert chosen("end") == ("1", 20)
    assert chosen("G", "pageup", "home") == ("50", 7)
    assert chosen("end", 0.5, "up", "up") == ("3", 18)


def test_no_count_is_lost_on_a_narrow_screen(api: Any, top: Any) -> None:
    statuses = ("SCHEDULED", "RUNNING", "STOP_REQUESTED", "STOPPING", "ERROR", "FATAL")
    serve(api, *(job(9 - at, status) for at, status in enumerate(statuses)))

    head = " ".join(top(keys=[3], columns=60).last[:5])

    assert all(f"1 {status}" in head for status in statuses)
