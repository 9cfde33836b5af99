"""A terminal that a command has for itself."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
import pty
import signal
import struct
import termios
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ampctl.console.console import Console
from ampctl.console.fullscreen import FullScreen
from ampctl.console.keyboard import TerminalKeyboard
from ampctl.errors import Terminated
from ampctl.testing import FakeClock, fake_runtime

ENTER, LEAVE = "\033[?1049h\033[?25l", "\033[?25h\033[?1049l"


@pytest.fixture
def terminal() -> Iterator[tuple[int, Any]]:
    """The end of who types, and the terminal that a program has."""
    parent, child = pty.openpty()
    fcntl.ioctl(parent, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with os.fdopen(child, "rb+", buffering=0) as stream:
        yield parent, stream
    with contextlib.suppress(OSError):
        os.close(parent)


@contextlib.contextmanager
def keyboard_at(stream: Any) -> Iterator[TerminalKeyboard]:
    keyboard = TerminalKeyboard(stream)
    keyboard.begin()
    try:
        yield keyboard
    finally:
        keyboard.end()


def press(parent: int, keyboard: TerminalKeyboard, data: bytes) -> list[str]:
    """Return the names of the keys that send this."""
    os.write(parent, data)
    keyboard.wait(10)
    keys = []
    while key := keyboard.take():
        keys.append(key)
    return keys


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (b"q", ["q"]),
        (b"jjk", ["j", "j", "k"]),
        (b"\r", ["enter"]),
        (b"\x1b[A\x1b[B\x1bOA", ["up", "down", "up"]),
        (b"\x1b[5~\x1b[6~", ["pageup", "pagedown"]),
        (b"\x1b[H\x1b[F", ["home", "end"]),
        (b"\x1b", ["escape"]),
        (b"\x7f\t\x18", ["backspace", "tab", "c-x"]),
        ("é日".encode(), ["é", "日"]),
        (b"\xff", []),
    ],
    ids=repr,
)
def test_keys_have_names(terminal: Any, data: bytes, names: list[str]) -> None:
    parent, stream = terminal
    with keyboard_at(stream) as keyboard:
        assert press(parent, keyboard, data) == names


def test_keys_are_not_shown_and_the_modes_come_back(terminal: Any) -> None:
    parent, stream = terminal
    before = termios.tcgetattr(parent)
    with keyboard_at(stream) as keyboard:
        press(parent, keyboard, b"abc")
        during = termios.tcgetattr(parent)

    assert not during[3] & (termios.ECHO | termios.ICANON)
    assert during[3] & termios.ISIG
    assert termios.tcgetattr(parent) == before


def test_keys_of_before_a_question_mean_nothing_after_it(terminal: Any) -> None:
    parent, stream = terminal
    with keyboard_at(stream) as keyboard:
        os.write(parent, b"abc")
        keyboard.wait(10)
        assert keyboard.take() == "a"
        keyboard.end()
        keyboard.begin()

        assert keyboard.take() == ""


def test_a_terminal_that_is_gone_ends_it_as_its_hangup_does(terminal: Any) -> None:
    parent, stream = terminal
    with keyboard_at(stream) as keyboard:
        os.close(parent)
        with pytest.raises(Terminated):
            keyboard.take()


def open_screen(clock: FakeClock | None = None, **options: Any) -> tuple[FullScreen, Any]:
    runtime = fake_runtime(is_terminal=True, clock=clock, **options)
    return FullScreen(Console(runtime), runtime), runtime


def test_a_picture_is_on_a_screen_of_its_own_and_is_painted_once() -> None:
    screen, runtime = open_screen()

    with screen:
        screen.paint(["one"])
        once = runtime.stdout.getvalue()
        screen.paint(["one"])
        assert runtime.stdout.getvalue() == once
        screen.paint(["two"])

    shown = runtime.stdout.getvalue()
    assert shown.startswith(ENTER)
    assert shown.endswith(LEAVE)
    assert (shown.count("one"), shown.count("two")) == (1, 1)
    assert screen.measure() == (79, 23)


def test_keys_come_when_they_are_pressed_and_time_passes_meanwhile() -> None:
    clock = FakeClock()
    screen, _ = open_screen(clock, keys=["a", 5, "up"])

    with screen:
        keys = [screen.read_key(seconds) for seconds in (9, 2, 9)]

    assert keys == ["a", "", "up"]
    assert clock.slept == [2, 3]


def test_what_is_said_meanwhile_does_not_disturb_the_picture() -> None:
    runtime = fake_runtime(is_terminal=True)
    console = Console(runtime)

    with FullScreen(console, runtime) as screen:
        console.warn("first")
        assert screen.take_messages() == ["ampctl: first"]
        assert screen.take_messages() == []
        console.warn("second")
        assert runtime.stderr.getvalue() == ""  # type: ignore[attr-defined]

    assert runtime.stderr.getvalue() == "ampctl: second\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize("error", [KeyboardInterrupt, Terminated, ValueError])
def test_the_terminal_comes_back_whatever_happens(error: type[BaseException]) -> None:
    screen, runtime = open_screen()
    before = signal.getsignal(signal.SIGTSTP)

    with pytest.raises(error), screen:
        raise error

    assert runtime.stdout.getvalue().endswith(LEAVE)
    assert runtime.stderr.getvalue() == ""
    assert signal.getsignal(signal.SIGTSTP) == before
    assert not screen._keyboard.is_begun  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "options",
    [
        {"stdin_is_terminal": False},
        {"stdout_is_terminal": False},
        {"environ": {"TERM": "dumb"}},
    ],
    ids=str,
)
def test_it_takes_a_terminal_for_both(options: dict[str, Any]) -> None:
    runtime = fake_runtime(**{"is_terminal": True, **options})

    assert not FullScreen(Console(runtime), runtime).can_open
    assert open_screen()[0].can_open


def test_a_new_size_ends_the_wait_for_a_key(terminal: Any) -> None:
    _, stream = terminal
    runtime = dataclasses.replace(
        fake_runtime(is_terminal=True), open_keyboard=lambda: TerminalKeyboard(stream)
    )

    with FullScreen(Console(runtime), runtime) as screen:
        screen.measure()
        timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGWINCH))
        timer.start()
        assert screen.read_key(60) == ""
        timer.join()
