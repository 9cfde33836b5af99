"""Descriptor 1 is that of standard error while something may print between the data."""

from __future__ import annotations

import os
import sys

import pytest

from ampctl.console.prints import send_prints_to_stderr


def test_what_is_written_to_the_descriptor_goes_to_stderr(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with send_prints_to_stderr():
        os.write(1, b"noise\n")
    os.write(1, b"data\n")

    assert capfd.readouterr() == ("data\n", "noise\n")


def test_a_descriptor_that_is_another_file_by_now_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "__stdout__", None)

    with send_prints_to_stderr():
        os.write(1, b"to the other file\n")

    assert capfd.readouterr() == ("to the other file\n", "")
