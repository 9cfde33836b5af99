"""Standard output."""

from __future__ import annotations

import io

import pytest

from ampctl.console.streams import writing
from ampctl.errors import OutputError
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

    with writing(stream):
        stream.write("blöcke \ud800\r\n")

    assert raw.getvalue() == "blöcke \\ud800\r\n".encode()


def test_a_full_disk_is_an_output_error() -> None:
    with (
        pytest.raises(OutputError, match="No space left"),
        writing(Failing(OSError(28, "No space left"))),
    ):
        pass


def test_a_reader_that_went_away_is_none() -> None:
    with pytest.raises(BrokenPipeError), writing(Failing(BrokenPipeError())):
        pass


def test_a_closed_stdout_is_an_output_error() -> None:
    with pytest.raises(OutputError, match="closed"), writing(standard_output(None)) as stdout:
        stdout.write("x")
