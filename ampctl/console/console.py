"""All that is said to a person: messages on stderr, questions, and what the terminal can do."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import TextIO

from ampctl.client.secret import Secret
from ampctl.console.streams import guard, terminal_width
from ampctl.console.text import printable, shorten
from ampctl.errors import AmpError, Declined
from ampctl.runtime import Runtime

_INDENT = " " * 8
_ERASE_REST = "\033[K"

# What a thread has said, where it is to be shown later.
_ASIDE: ContextVar[list[str] | None] = ContextVar("_ASIDE", default=None)


class Console:
    """Speaks to the person at the terminal: on stderr, and questions at the terminal itself.

    Every message passes through here, so this is where secrets are taken out and control
    characters are made visible. A message is one line: line ends in it are escaped, so that text of
    a server can't pass for a message of ampctl.

    Attributes:
        stdout: standard output, for data only.
        verbosity: -1 quiet, 0 normal, 1 informative, 2 and more for debugging.
        color: ``auto``, ``always`` or ``never``.
        debug: whether errors come with a traceback.
        find_hint: finds the next step that a report of an error ends with.
        log: keeps what was reported in the log file, if there is one.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.stdout = guard(runtime.stdout)
        self._secrets: set[Secret] = set()
        self._has_status = False
        self._held: list[str] | None = None
        self._interrupt: KeyboardInterrupt | None = None
        self.verbosity = 0
        self.color = "auto"
        self.debug = False
        self.find_hint: Callable[[AmpError], str | None] = lambda error: error.hint
        self.log: Callable[[str], None] = lambda text: None

    @property
    def is_interactive(self) -> bool:
        """Whether a person is there, which is so if any of the three streams is a terminal."""
        runtime = self._runtime
        return any(one.isatty() for one in (runtime.stdin, self.stdout, runtime.stderr))

    @property
    def shows_output(self) -> bool:
        """Whether standard output is a terminal, and so read by a person."""
        return self.stdout.isatty()

    @contextlib.contextmanager
    def redirect(self, stdout: TextIO | None) -> Iterator[None]:
        """Let the commands of the block write to another stream, unless it is None."""
        before = self.stdout
        self.stdout = before if stdout is None else guard(stdout)
        try:
            yield
        finally:
            self.stdout = before

    @contextlib.contextmanager
    def hold_messages(self) -> Iterator[list[str]]:
        """Keep back what is said in the block, and say it at its end.

        Whatever else writes to the terminal meanwhile is not disturbed. Questions are asked all
        the same.

        Yields:
            What was kept back so far; what is taken out of it is never said.
        """
        before, self._held = self._held, []
        held = self._held
        try:
            yield held
        finally:
            self._held = before
            for text in held:
                self._print(text)

    def hide(self, secret: Secret | str) -> None:
        """Take ``secret`` out of everything that is said from now on."""
        self._secrets.add(secret if isinstance(secret, Secret) else Secret(secret))

    def make_safe(self, text: str) -> str:
        """Return ``text`` as one line without secrets, and with all that is invisible escaped.

        Everything that is said passes through here, and all that is written to a log file.
        """
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = secret.hide_in(text)
        return printable(text)

    def say(self, text: str) -> None:
        """Tell the person something that they may want to know; nothing if they chose quiet."""
        if self.verbosity >= 0:
            self._print(self.make_safe(text))

    @property
    def shows_remarks(self) -> bool:
        """Whether :meth:`remark` says anything, so that it is worth a request."""
        return self.verbosity >= 0 and self._runtime.stderr.isatty()

    def remark(self, text: str) -> None:
        """Offer a next step, but only to a person at a terminal."""
        if self.shows_remarks:
            self.say(text)

    def leave_line(self, interrupt: BaseException) -> None:
        """Begin a new line on a terminal, which shows ^C for a Ctrl-C; once for each of them."""
        if isinstance(interrupt, KeyboardInterrupt) and interrupt is not self._interrupt:
            self._interrupt = interrupt
            if self._runtime.stderr.isatty():
                self._print("")

    def warn(self, text: str) -> None:
        """Tell the person something that they must know."""
        self._print(f"ampctl: {self.make_safe(text)}")

    def report(self, error: AmpError, *, raised: BaseException | None = None) -> None:
        """Say what failed and what to do next; when debugging, also where it was ``raised``."""
        if self.debug:
            self.show_traceback("".join(traceback.format_exception(raised or error)))
        # What is cut before secrets are taken out may end in the half of one.
        message = shorten(self.make_safe(error.message))
        lines = [f"{self._paint('ampctl:')} {message}"]
        if error.facts:
            lines.append(f"{_INDENT}{self.make_safe(error.facts)}")
        if hint := self.find_hint(error):
            lines.append(f"{_INDENT}Try: {self.make_safe(hint)}")
        self._print("\n".join(lines))
        self.log(f"{error.message} ({error.facts})" if error.facts else error.message)

    @property
    def can_show_status(self) -> bool:
        """Whether there is a terminal on which a line can be erased again."""
        stderr, term = self._runtime.stderr, self._runtime.environ.get("TERM")
        is_free = self._find_held() is None and self.verbosity >= 0
        return is_free and stderr.isatty() and term != "dumb"

    def show_status(self, text: str) -> None:
        """Show a line that the next one replaces, where that can be done."""
        if self.can_show_status:
            self._has_status = True
            # A line that the terminal breaks can't be erased.
            width = terminal_width(self._runtime.stderr, self._runtime.environ)
            self._write(f"\r{self.make_safe(text)[: width - 1]}{_ERASE_REST}")

    def clear_status(self) -> None:
        """Erase what :meth:`show_status` has shown."""
        if self._has_status and _ASIDE.get() is None:
            self._has_status = False
            self._write(f"\r{_ERASE_REST}")

    @contextlib.contextmanager
    def set_aside(self) -> Iterator[list[str]]:
        """Keep what this thread says in the block, for :meth:`release` to print it."""
        messages: list[str] = []
        before = _ASIDE.set(messages)
        try:
            yield messages
        finally:
            _ASIDE.reset(before)

    def release(self, messages: Iterable[str]) -> None:
        """Print what :meth:`set_aside` kept, on the thread that owns the screen."""
        for message in messages:
            self._print(message)

    def show_traceback(self, text: str) -> None:
        """Print a traceback, without secrets."""
        self._print(self.indent(text))

    def indent(self, text: str) -> str:
        """Return the lines of ``text``, each of them safe, and none at the start of a line."""
        return "\n".join(f"{_INDENT}{self.make_safe(line)}" for line in text.splitlines())

    def confirm(self, question: str) -> bool:
        """Ask a yes/no question at the terminal; anything but ``y`` or ``yes`` is a no.

        It is asked and answered there whatever is piped in or out, and what was typed before it
        does not answer it.

        Raises:
            Declined: there is no terminal to ask at.
        """
        try:
            with self._open_terminal() as terminal:
                terminal.write(f"{self.make_safe(question)} [y/N] ")
                terminal.flush()
                answer = terminal.readline()
                if not answer.endswith("\n"):
                    terminal.write("\n")
        except OSError as error:
            raise Declined(
                f"nothing was done, since {question!r} could not be asked: {error}",
                hint="--yes, if you are sure",
            ) from error
        return answer.strip().lower() in ("y", "yes")

    def _open_terminal(self) -> TextIO:
        if self._runtime.open_terminal is None:
            raise OSError("there is no terminal")
        return self._runtime.open_terminal()

    @property
    def can_redraw(self) -> bool:
        """Whether standard output is a terminal on which something can be shown again and again."""
        return self.shows_output and self._runtime.environ.get("TERM") != "dumb"

    @property
    def paints_output(self) -> bool:
        """Whether standard output may have colors."""
        return self._has_color(self.stdout)

    def _paint(self, label: str) -> str:
        return f"\033[31m{label}\033[0m" if self._has_color(self._runtime.stderr) else label

    def _has_color(self, stream: TextIO) -> bool:
        if self.color == "auto":
            return stream.isatty() and self._runtime.environ.get("TERM") != "dumb"
        return self.color == "always"

    def _find_held(self) -> list[str] | None:
        """Return where messages of this thread are kept, if they are not to be shown now."""
        aside = _ASIDE.get()
        return self._held if aside is None else aside

    def _print(self, text: str) -> None:
        if (held := self._find_held()) is not None:
            held.append(text)
            return
        self.clear_status()
        self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        # A stderr that can't be written, or is being written to when a signal comes, must not
        # decide how the command ends.
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            self._runtime.stderr.write(text)
            self._runtime.stderr.flush()
