"""Tables in a pager, for a person who chose one."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from ampctl.testing import Api, Result, invoke
from ampctl_job.testing import job, page


@pytest.fixture
def paged(tmp_path: Path) -> Path:
    """A file that the pager copies to what it is given."""
    return tmp_path / "it's paged"


def list_jobs(api: Api, pager: str, *options: str, lines: int = 6, **rest: Any) -> Result:
    api.on("GET", "/jobs", page(*(job(number) for number in range(9, 0, -1))))
    environ = {"AMPCTL_PAGER": pager, "LINES": str(lines), **rest.pop("environ", {})}
    return invoke("job", "list", *options, environ=environ, **{"is_terminal": True, **rest})


def copy_to(path: Path) -> str:
    return f"""cp /dev/stdin "{path}" """


def test_a_long_table_is_shown_in_the_pager_that_was_chosen(api: Api, paged: Path) -> None:
    result = list_jobs(api, copy_to(paged))

    assert result.stdout == ""
    shown = paged.read_text().splitlines()
    assert len(shown) == 11
    assert shown[0].split()[:2] == ["id", "status"]


def test_one_has_the_usual_pager(api: Api, paged: Path) -> None:
    list_jobs(api, "1", environ={"PAGER": copy_to(paged)})

    assert paged.exists()


@pytest.mark.parametrize("pager", ["", "0", "no"])
def test_the_usual_pager_alone_is_not_a_choice(api: Api, paged: Path, pager: str) -> None:
    result = list_jobs(api, pager, environ={"PAGER": copy_to(paged)})

    assert result.stdout.count("\n") == 11
    assert not paged.exists()


@pytest.mark.parametrize(
    "rest",
    [{"lines": 12}, {"stdout_is_terminal": False}, {"environ": {"TERM": "dumb"}}],
    ids=["short", "pipe", "dumb"],
)
def test_what_needs_no_pager_gets_none(api: Api, paged: Path, rest: dict[str, Any]) -> None:
    result = list_jobs(api, copy_to(paged), **rest)

    assert result.stdout.count("\n") == 11
    assert not paged.exists()


@pytest.mark.parametrize("options", [("-f", "csv"), ("--json",)], ids=" ".join)
def test_only_tables_are_paged(api: Api, paged: Path, options: tuple[str, ...]) -> None:
    assert list_jobs(api, copy_to(paged), *options, lines=1).stdout
    assert not paged.exists()


def test_no_shell_reads_the_pager(api: Api, tmp_path: Path) -> None:
    result = list_jobs(api, f"cat; touch {tmp_path / 'touched'}")

    assert not (tmp_path / "touched").exists()
    assert "the pager 'cat;' can't be started: No such file" in result.stderr
    assert result.stdout.count("\n") == 11


def test_a_pager_that_was_left_is_not_a_failure(api: Api) -> None:
    assert list_jobs(api, "true").stderr == ""


def test_a_quote_that_is_open_is_wrong_usage(api: Api) -> None:
    result = list_jobs(api, "less '", expect=2)

    assert "is not a pager: No closing quotation" in result.stderr


def test_a_ctrl_c_is_the_pagers(api: Api, paged: Path) -> None:
    before = signal.getsignal(signal.SIGINT)

    list_jobs(api, f"""sh -c 'kill -INT $PPID; cp /dev/stdin "$0"' "{paged}" """)

    assert paged.exists()
    assert signal.getsignal(signal.SIGINT) == before
