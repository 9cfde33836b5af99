"""The options of the formats."""

from __future__ import annotations

import argparse

import pytest

from ampctl.output import csv
from ampctl.output.options import QUOTE_MODES, add_format_options
from ampctl.testing import invoke


def _parse(*options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_format_options(parser.add_argument_group("output"))
    return parser.parse_args(options)


def test_the_defaults_are_what_the_formatters_expect() -> None:
    assert vars(_parse()) == {
        "max_width": 0,
        "fit_width": False,
        "print_empty": False,
        "quote_mode": "minimal",
        "noindent": False,
    }


def test_the_environment_of_cliff_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIFF_MAX_TERM_WIDTH", "7")
    monkeypatch.setenv("CLIFF_FIT_WIDTH", "1")
    assert (_parse().max_width, _parse().fit_width) == (0, False)


@pytest.mark.parametrize("width", ["-5", "", "1e3", "9" * 7])
def test_a_width_that_is_none_is_refused(width: str) -> None:
    result = invoke("job", "list", f"--max-width={width}", expect=2)

    assert "is not a width: a whole number, or 0" in result.stderr


def test_every_quote_mode_is_one_of_the_formatter() -> None:
    assert set(QUOTE_MODES) == set(csv.QUOTE_MODES)
