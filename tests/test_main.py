"""One process: signals."""

from __future__ import annotations

import signal

import pytest

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
    with pytest.raises(KeyboardInterrupt):
        handler(signal.SIGINT, None)

    clock.sleep(0.5)
    handler(signal.SIGINT, None)
    handler(signal.SIGTERM, None)

    clock.sleep(0.6)
    with pytest.raises(KeyboardInterrupt):
        handler(signal.SIGINT, None)
