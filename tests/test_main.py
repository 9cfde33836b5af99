"""One process: signals."""

from __future__ import annotations

import io
import signal
import sys

import pytest

from ampctl.app import AmpApp
from ampctl.errors import ExitCode, Terminated
from ampctl.main import SignalHandler
from ampctl.testing import FakeClock


def test_each_signal_ends_the_command_with_its_own_exit_code() -> None:
    with pytest.raises(KeyboardInterrupt):
        SignalHandler(FakeClock().monotonic)(signal.SIGINT, None)
    with pytest.raises(Terminated) as ended:
        SignalHandler(FakeClock().monotonic)(signal.SIGHUP, None)

    assert ended.value.exit_code == ExitCode.HANGUP


def test_a_second_signal_counts_only_if_it_comes_later() -> None:
    clock = FakeClock()
    handler = SignalHandler(clock.monotonic)

    assert ends(handler, signal.SIGINT)
    clock.sleep(0.5)
    assert not ends(handler, signal.SIGINT)
    assert not ends(handler, signal.SIGTERM)
    clock.sleep(0.6)
    assert ends(handler, signal.SIGINT)


def ends(handler: SignalHandler, number: int) -> bool:
    """Tell whether a signal ends the command now."""
    try:
        handler(number, None)
    except (KeyboardInterrupt, Terminated):
        return True
    return False


def test_a_process_may_have_its_standard_output_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(memory, encoding="utf-8"))

    assert AmpApp().run(["--version"]) == 0
    assert memory.getvalue().startswith(b"ampctl ")
