"""Standard output."""

from __future__ import annotations

import io

import pytest

from ampctl.console.streams import guard
from ampctl.errors import ClosedPipe, OutputError
from ampctl.runtime import standard_output


class Failing(io.StringIO):
    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def flush(self) -> None:
        raise self._error


def test_a_pipe_is_utf8_whatever_the_locale_says() -> None:
    raw = io.BytesIO()
    stream = standard_output(io.TextIOWrapper(raw, encoding="ascii"))

    stream.write("blöcke \ud800\r\n")
    stream.flush()

    assert raw.getvalue() == "blöcke \\ud800\r\n".encode()


def test_a_full_disk_is_an_output_error() -> None:
    with pytest.raises(OutputError, match="No space left"):
        guard(Failing(OSError(28, "No space left"))).flush()


def test_a_reader_that_closed_its_end_is_told_apart_from_a_fault() -> None:
    with pytest.raises(ClosedPipe):
        guard(Failing(BrokenPipeError())).flush()


def test_a_closed_stdout_is_an_output_error() -> None:
    with pytest.raises(OutputError, match="closed"):
        guard(standard_output(None)).write("x")


def test_the_rest_of_a_guarded_stream_is_that_of_the_stream() -> None:
    stream = io.StringIO("text")

    assert guard(stream).readable()
    assert guard(guard(stream)).getvalue() == "text"  # type: ignore[attr-defined]
