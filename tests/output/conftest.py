"""What the tests of output share: a terminal that is none, a fixed clock, rows and a runner."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest

from ampctl.output.cells import Json, Lines, Number, Percent, Short, Size, Timestamp
from ampctl.output.options import add_format_options

NOW = datetime.datetime(2026, 3, 1, 9, 14, 22, tzinfo=datetime.UTC)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def _stream(tty: bool) -> io.StringIO:
    # No newline is translated, as on the real standard output.
    return Terminal(newline="") if tty else io.StringIO(newline="")


def _parse(options: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    add_format_options(parser)
    return parser.parse_args(options)


@dataclasses.dataclass
class Emit:
    """Runs a formatter and returns what it wrote."""

    formatter: Any

    def list(
        self,
        names: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *options: str,
        stdout: io.StringIO | None = None,
        tty: bool = False,
    ) -> str:
        stdout = stdout or _stream(tty)
        self.formatter.emit_list(names, rows, stdout, _parse(options))
        return stdout.getvalue()

    def one(
        self,
        names: Sequence[str],
        row: Sequence[Any],
        *options: str,
        tty: bool = False,
    ) -> str:
        stdout = _stream(tty)
        self.formatter.emit_one(names, row, stdout, _parse(options))
        return stdout.getvalue()

    def value(self, value: object, *options: str, tty: bool = False) -> str:
        """Return the output of a list with one row of one column."""
        return self.list(["name"], [[value]], *options, tty=tty)


@pytest.fixture(scope="session")
def emit_with() -> type[Emit]:
    """Wrap a formatter."""
    return Emit


@pytest.fixture
def failing_rows() -> Iterator[Any]:
    """Rows of which the first can't be fetched."""

    def rows() -> Iterator[Any]:
        raise ConnectionError
        yield

    return rows()


@pytest.fixture
def ago() -> Callable[[float], Timestamp]:
    """Make the cell of a moment that is so many seconds ago."""
    return lambda seconds: Timestamp(NOW - datetime.timedelta(seconds=seconds), NOW)


@pytest.fixture
def job_names() -> list[str]:
    """The columns of a list of jobs."""
    return ["id", "status", "dataset", "kind", "worker", "created_at", "updated_at"]


@pytest.fixture
def job_rows(ago: Callable[[float], Timestamp]) -> list[tuple[Any, ...]]:
    """Three jobs as rows: a usual one, a long one, and one of which little is known."""

    def kind(text: str) -> Short:
        return Short(text, text.removeprefix("materialize-"))

    raw, derived = kind("materialize-raw"), kind("materialize-derived")
    first = (12345, "STOP_REQUESTED", "eth_mainnet/blocks@0123abc", raw, "worker-1")
    second = (12344, "RUNNING", "eth_mainnet/logs@89ab012", derived, "worker-12")
    return [
        (*first, ago(7_300), ago(190)),
        (*second, ago(12 * 86_400), ago(4)),
        (9, "COMPLETED", None, Short(None, None), "worker-1", ago(400 * 86_400), ago(-4)),
    ]


@pytest.fixture
def mixed() -> tuple[list[str], list[Any]]:
    """One record with a value of every kind."""
    values = {
        "id": 2**63 - 1,
        "name": 'blocks, "raw" 日本',
        "is_live": True,
        "end_block": None,
        "rate": 1.5,
        "number": Number(1234567),
        "size": Size(1_500_000_000),
        "percent": Percent(42.1234),
        "descriptor": Json({"kind": "materialize-raw", "end_block": None}),
        "trace": Lines(["at one", "at two"]),
        "seen_at": Timestamp(NOW, NOW),
    }
    return list(values), list(values.values())
