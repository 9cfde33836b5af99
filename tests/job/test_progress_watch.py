"""``job progress --watch``."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pyte
import pytest
import requests

from ampctl.testing import FakeClock, Result, fake_runtime, invoke
from ampctl_job import live_bars
from ampctl_job.testing import descriptor, job, progress, table_progress

DETAIL = {"error_code": "RPC", "error_message": "no answer"}


def step(block: int, status: str = "RUNNING", job_id: int = 7, **members: Any) -> dict[str, Any]:
    tables = {"blocks": table_progress(current_block=block)}
    return progress(job_id, status, **{"tables": tables, **members})


def serve(api: Any, *answers: Any, job_id: int = 7, end_block: Any = "999") -> None:
    """Answer with documents, the statuses of failures, or exceptions, in turn."""
    api.on("GET", f"/jobs/{job_id}", job(job_id, descriptor=descriptor(end_block=end_block)))
    responses = [
        {"json": one}
        if isinstance(one, dict)
        else {"status_code": one}
        if isinstance(one, int)
        else {"exc": one}
        for one in answers
    ]
    api.mocker.get(f"{api.url}/jobs/{job_id}/progress", responses)


def watch(*arguments: str, ids: tuple[str, ...] = ("7",), **options: Any) -> Result:
    words = ("job", "progress", *ids, "--watch", *arguments, "--retries", "0")
    return invoke(*words, **options)


def rows_of(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_program_gets_an_object_at_each_tick_until_the_job_has_ended(api: Any) -> None:
    serve(api, step(499), step(549), step(599), step(999, "COMPLETED"))
    clock = FakeClock()

    rows = rows_of(watch("-f", "jsonl", clock=clock))

    assert [row["current_block"] for row in rows] == [499, 549, 599, 999]
    assert [row["blocks_per_s"] for row in rows[:3]] == [None, 25, 25]
    assert [row["eta_s"] for row in rows] == [None, 18, 16, 0]
    assert [row["job_status"] for row in rows] == ["RUNNING"] * 3 + ["COMPLETED"]
    assert rows[1]["seen_at"] == "2026-03-01T12:00:02.000000+00:00"
    assert clock.slept == [2, 2, 2]
    assert api.requests.count("GET /jobs/7") == 1


def test_columns_keep_their_places_and_new_ones_follow(api: Any) -> None:
    serve(api, step(999, "COMPLETED"))

    header = watch("-f", "csv").stdout.splitlines()[0]

    assert header == (
        "table,start_block,current_block,end_block,percent,files_count,total_size_bytes,"
        "job_id,job_status,seen_at,blocks_per_s,eta_s"
    )


def test_documents_are_those_of_the_api(api: Any) -> None:
    serve(api, step(499), step(999, "COMPLETED"))

    assert rows_of(watch("--json")) == [step(499), step(999, "COMPLETED")]


def test_a_log_gets_a_line_every_half_minute_and_at_each_change(api: Any) -> None:
    serve(api, step(0, "SCHEDULED"), *(step(block) for block in range(40)), step(99, "STOPPED"))
    clock = FakeClock()

    lines = watch("-c", "current_block", "-c", "job_status", clock=clock).stdout.splitlines()

    assert lines[0].split() == ["current_block", "job_status"]
    assert [line.split() for line in lines[1:]] == [
        ["0", "SCHEDULED"],
        ["0", "RUNNING"],
        ["15", "RUNNING"],
        ["30", "RUNNING"],
        ["99", "STOPPED"],
    ]
    assert set(clock.slept) == {2}


def test_a_time_between_two_looks_can_be_named(api: Any) -> None:
    serve(api, *(step(block) for block in range(12)), step(99, "STOPPED"))

    rows = rows_of(watch("10", "-f", "jsonl"))

    assert [row["current_block"] for row in rows] == [0, 5, 10, 99]


@pytest.mark.parametrize(
    ("status", "code"), [("COMPLETED", 0), ("STOPPED", 0), ("FATAL", 1), ("FAILED", 1)]
)
def test_the_exit_code_follows_the_job(api: Any, status: str, code: int) -> None:
    serve(api, step(5), step(5, status, **({"detail": DETAIL} if code else {})))

    result = watch("-f", "csv", expect=code)

    told = f"ampctl: job 7 has ended in {status}: RPC: no answer\n"
    assert result.stderr.startswith(told) if code else result.stderr == ""


def test_a_job_in_error_goes_on_as_it_is_scheduled_again(api: Any) -> None:
    serve(api, step(5, "ERROR", detail=DETAIL), step(5, "SCHEDULED"), step(9, "COMPLETED"))

    rows = rows_of(watch("-f", "jsonl"))

    assert [row["job_status"] for row in rows] == ["ERROR", "SCHEDULED", "COMPLETED"]


def test_a_job_in_error_that_is_never_scheduled_again_has_ended(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "ERROR", descriptor=None))
    api.on("GET", "/jobs/7/progress", step(5, "ERROR"))

    assert "has ended in ERROR: no reason given" in watch("-f", "csv", expect=1).stderr


def test_outages_are_told_once_each_and_end_nothing(api: Any) -> None:
    serve(api, step(1), requests.ConnectionError, 503, step(2), 502, step(3, "STOPPED"))

    result = watch("-f", "jsonl")

    assert [row["current_block"] for row in rows_of(result)] == [1, 2, 3]
    assert result.stderr.count("asking on until the server answers") == 2


@pytest.mark.parametrize(("status", "code"), [(401, 4), (403, 4), (400, 6)])
def test_what_time_does_not_heal_ends_it_at_once(api: Any, status: int, code: int) -> None:
    serve(api, step(1), status)

    assert len(rows_of(watch("-f", "jsonl", expect=code))) == 1


def test_a_job_that_is_not_there_hides_no_other(api: Any) -> None:
    serve(api, step(1), step(2, "COMPLETED"))
    api.error("GET", "/jobs/8", 404, "JOB_NOT_FOUND", "no such job")

    result = watch("-f", "jsonl", ids=("7", "8"), expect=3)

    assert [row["current_block"] for row in rows_of(result)] == [1, 2]
    assert result.stderr.count("no such job") == 1


def test_several_jobs_are_watched_until_the_last_one_has_ended(api: Any) -> None:
    serve(api, step(1, "STOPPED"))
    serve(api, step(1, job_id=8), step(2, "COMPLETED", job_id=8), job_id=8)

    rows = rows_of(watch("-f", "jsonl", ids=("7", "8")))

    assert [(row["job_id"], row["current_block"]) for row in rows] == [(7, 1), (8, 1), (8, 2)]


def test_a_job_that_can_not_be_read_is_watched_without_its_end(api: Any) -> None:
    api.on("GET", "/jobs/7/progress", step(1, "COMPLETED"))
    api.error("GET", "/jobs/7", 500, "GET_JOB_ERROR", "no job")

    result = watch("-f", "jsonl")

    assert rows_of(result)[0]["end_block"] is None
    assert "the end block of job 7 is not known" in result.stderr


@pytest.mark.parametrize("text", ["0.4", "0", "soon"])
def test_an_interval_is_half_a_second_at_least(api: Any, text: str) -> None:
    watch(text, expect=2)


def test_what_is_watched_is_not_sorted(api: Any) -> None:
    watch("--sort-column", "table", expect=2)


def test_several_jobs_are_shown_without_watching_too(api: Any) -> None:
    for number in (7, 8):
        api.on("GET", f"/jobs/{number}/progress", step(number * 100, job_id=number))

    words = ("job", "progress", "7", "8", "-f", "csv", "-c", "current_block", "-c", "job_id")
    documents = invoke("job", "progress", "7", "8", "--json").stdout.splitlines()

    assert invoke(*words).stdout == "current_block,job_id\n700,7\n800,8\n"
    assert [json.loads(line)["job_id"] for line in documents] == [7, 8]


class Viewer(FakeClock):
    """A clock that looks at a terminal at each sleep.

    Args:
        columns: the width of the terminal.
        patience: after how many looks Ctrl-C is pressed.

    Attributes:
        screens: what the terminal showed, line by line.
        before: what it showed before Ctrl-C.
    """

    def __init__(self, columns: int = 80, patience: int = -1) -> None:
        super().__init__()
        self.patience = patience
        self.terminal = pyte.Screen(columns, 24)
        self._stream = pyte.Stream(self.terminal)
        self._shown = 0
        self.screens: list[list[str]] = []
        self.runtime = dataclasses.replace(
            fake_runtime(clock=self, is_terminal=True), sleep=self.sleep
        )

    def look(self) -> list[str]:
        text = self.runtime.stdout.getvalue()  # type: ignore[attr-defined]
        self._stream.feed(text[self._shown :].replace("\n", "\r\n"))
        self._shown = len(text)
        return [line.rstrip() for line in self.terminal.display if line.strip()]

    def sleep(self, seconds: float) -> None:
        self.screens.append(self.look())
        if len(self.screens) == self.patience:
            self.before = list(self.terminal.display)
            self._stream.feed("^C")
            raise KeyboardInterrupt
        super().sleep(seconds)


def view(
    monkeypatch: pytest.MonkeyPatch, columns: int, *options: str, patience: int = -1, **more: Any
) -> Viewer:
    """Watch jobs on a terminal of so many columns."""
    monkeypatch.setattr(live_bars, "measure_terminal", lambda terminal: terminal_size(columns))
    viewer = Viewer(columns, patience)
    watch(*options, runtime=viewer.runtime, **more)
    viewer.screens.append(viewer.look())
    return viewer


def terminal_size(columns: int) -> Any:
    import os

    return os.terminal_size((columns, 24))


def test_a_person_sees_one_picture_that_changes_in_its_place(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(api, step(499), step(549), step(999, "COMPLETED"))

    screens = view(monkeypatch, 100).screens

    first, second, last = screens
    assert first[0] == "job 7  RUNNING  eth_mainnet/blocks@0123abc  worker-1"
    assert first[1].split()[0] == "blocks"
    assert "50.0 %  499  -/s" in first[1]
    assert "55.0 %  549  25/s  █  5 files  1.5 KiB  ETA 18s" in second[1]
    assert last[0].startswith("job 7  COMPLETED")
    assert "100.0 %" in last[1]
    assert "ETA" not in last[1]
    assert [len(screen) for screen in screens] == [2, 2, 2]


def test_a_job_without_an_end_has_neither_share_nor_rest(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(api, step(499), step(549), step(599, "STOPPED"), end_block=None)

    shown = view(monkeypatch, 100).screens[1][1]

    assert "continuous" in shown
    assert not any(word in shown for word in ("%", "ETA", "━"))


def test_a_job_up_to_the_latest_block_says_so(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(api, step(499, "STOPPED"), end_block="latest")

    assert "to latest" in view(monkeypatch, 100).screens[0][1]


def test_a_failure_is_shown_with_its_reason_and_told_at_the_end(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(api, step(499), step(499, "FATAL", detail={"error_code": "X", "error_message": "a\x1bb"}))

    viewer = view(monkeypatch, 80, expect=1)

    assert viewer.screens[-1][-1] == "  X: a\\x1bb"


def test_the_age_of_the_picture_is_told_while_the_server_is_away(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(api, step(499), 503, 503, step(999, "COMPLETED"))

    viewer = view(monkeypatch, 80)

    ages = [screen[2].partition(":")[0] for screen in viewer.screens if len(screen) > 2]
    assert ages == [f"last update {age_s}s ago" for age_s in (2, 3, 4, 5)]
    assert len(viewer.screens[-1]) == 2
    assert viewer.runtime.stderr.getvalue() == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("columns", [40, 80])
def test_ctrl_c_leaves_the_picture_once_and_the_cursor_below_it(
    api: Any, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    serve(api, *(step(499, tables={"a": table_progress(), "b": table_progress()}) for _ in "12"))

    viewer = view(monkeypatch, columns, patience=2, expect=130)

    assert viewer.terminal.display[:3] == viewer.before[:3]
    assert "".join(viewer.terminal.display[3:]).strip() == ""
    assert (viewer.terminal.cursor.y, viewer.terminal.cursor.x) == (3, 0)
    assert not viewer.terminal.cursor.hidden
    assert viewer.runtime.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_the_reason_of_an_outage_is_shown_to_its_end(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(api, step(499), 503, step(999, "COMPLETED"))

    shown = " ".join(view(monkeypatch, 50).screens[1][2:])

    assert shown.startswith("last update 2s ago: can't read the progress of job 7: ")
    assert shown.endswith("the server answered 503 Service Unavailable")


@pytest.mark.parametrize("columns", [40, 41, 60, 80, 120, 200, 300])
def test_a_picture_fits_into_any_width(
    api: Any, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    names = ("blocks", "a_table_with_quite_a_long_name", "logs")
    tables = {name: table_progress(total_size_bytes=2**40) for name in names}
    serve(api, *(step(0, tables=tables) for _ in range(4)), step(0, "COMPLETED", tables=tables))

    viewer = view(monkeypatch, columns)

    assert {len(screen) for screen in viewer.screens} == {4}
    assert all("50.0 %" in line and "━" in line for line in viewer.screens[2][1:])


@pytest.mark.parametrize(
    ("options", "environ", "has_color"),
    [
        ((), {"NO_COLOR": ""}, True),
        (("--color", "never"), {"NO_COLOR": ""}, False),
        ((), {"NO_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
    ],
    ids=str,
)
def test_colour_is_for_those_who_want_it(
    api: Any, options: tuple[str, ...], environ: dict[str, str], has_color: bool
) -> None:
    serve(api, step(999, "COMPLETED"))
    runtime = fake_runtime(is_terminal=True, environ=environ)

    shown = watch(*options, runtime=runtime).stdout

    assert ("\x1b[32mCOMPLETED" in shown) == has_color
    assert "COMPLETED" in shown


def test_a_terminal_that_can_not_redraw_gets_lines(api: Any) -> None:
    serve(api, step(1), step(2, "COMPLETED"))

    result = watch(is_terminal=True, environ={"TERM": "dumb"})

    assert "\x1b" not in result.stdout
    header, rule, *rows = result.stdout.splitlines()
    assert header.startswith("table")
    assert set(rule) == {"-"}
    assert [row.split()[0] for row in rows] == ["blocks", "blocks"]


def test_an_interrupt_leaves_the_picture_and_shows_the_cursor(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(api, step(499), KeyboardInterrupt)

    viewer = view(monkeypatch, 80, expect=130)

    assert viewer.screens[0] == viewer.screens[1]
    assert not viewer.terminal.cursor.hidden
    assert viewer.terminal.cursor.x == 0
