"""The table of the benchmarks: what it measures exists. Nothing is timed here."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from ampctl.testing import parse
from ampctl_job.schemas import JOB, JOB_EVENTS, JOB_PAGE, JOB_PROGRESS, WORKER

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(autouse=True)
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the benchmarks' modules be imported, as they are when the folder is run."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    names = [path.stem for path in BENCHMARKS.glob("*.py")]
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)


def rows() -> list[Any]:
    import rows

    return [row for scale in (rows.FULL, rows.QUICK) for row in rows.build_rows(scale)]


def test_the_commands_of_all_rows_exist() -> None:
    lines = {line for row in rows() for line in (row.command, row.yardstick)}

    for line in sorted(lines):
        if match := re.match(r"(\w+\.py)\b", line):
            assert (BENCHMARKS / "yardsticks" / match[1]).exists()
        elif line.startswith("--admin-url") and " job " in line:
            parse(*line.format(url="http://localhost:1610").split())


def test_a_row_above_its_bound_and_one_that_fails_are_over() -> None:
    from measure import Ratio
    from results import Result
    from rows import Row

    bounded, shown = Row("s", "n", "--help", bound=1.1), Row("s", "n", "--help")

    assert Result(bounded, Ratio(1.11, 1, 1)).is_over
    assert not Result(bounded, Ratio(1.1, 1, 1)).is_over
    assert Result(bounded, problem="exit code 2").is_over
    assert not Result(shown, Ratio(9, 9, 1)).is_over


@pytest.mark.parametrize("unusual", [False, True])
def test_the_server_answers_as_the_api_does(unusual: bool) -> None:
    from server import Answers

    answers = Answers(2_500, unusual=unusual, status="FATAL")
    last, ids = 2_501, []
    while last is not None:
        body = answers.answer(f"/jobs?limit=1000&status=all&last_job_id={last}")
        page = JOB_PAGE.load(json.loads(body))
        ids += [job.id for job in page.jobs]
        last = page.next_cursor

    assert ids == list(range(2_500, 0, -1))
    assert JOB.load(json.loads(answers.answer("/jobs/7"))).id == 7
    assert JOB_PROGRESS.load(json.loads(answers.answer("/jobs/7/progress"))).job_id == 7
    assert JOB_EVENTS.load(json.loads(answers.answer("/jobs/7/events"))).job_id == 7
    assert WORKER.load(json.loads(answers.answer("/workers/w-1"))).node_id == "w-1"
    assert answers.answer("/jobs/7/stop") == b""
