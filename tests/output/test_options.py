"""The options of the formats."""

from __future__ import annotations

import argparse

import pytest

from ampctl.output import csv
from ampctl.output.options import QUOTE_MODES, add_format_options


def _parse(*options: str, **environ: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_format_options(parser.add_argument_group("output"), environ)
    return parser.parse_args(options)


def test_the_defaults_are_what_the_formatters_expect() -> None:
    assert vars(_parse()) == {
        "max_width": 0,
        "fit_width": False,
        "print_empty": False,
        "quote_mode": "minimal",
        "noindent": False,
    }


def test_cliffs_variables_count_and_options_win_over_them() -> None:
    environ = {"CLIFF_MAX_TERM_WIDTH": "7", "CLIFF_FIT_WIDTH": "1"}

    given = _parse(**environ)
    assert (given.max_width, given.fit_width) == (7, True)
    assert _parse("--max-width", "0", **environ).max_width == 0
    assert _parse(CLIFF_FIT_WIDTH="0").fit_width is False


@pytest.mark.parametrize("text", ["", "wide", "-1", "٣"])
def test_a_width_in_a_variable_that_is_not_a_number_does_not_count(text: str) -> None:
    assert _parse(CLIFF_MAX_TERM_WIDTH=text).max_width == 0


def test_every_quote_mode_is_one_of_the_formatter() -> None:
    assert set(QUOTE_MODES) == set(csv.QUOTE_MODES)
