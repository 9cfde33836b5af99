"""The prompt on a terminal: the one place that imports prompt_toolkit."""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.data_structures import Size
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import completion_is_selected, has_focus
from prompt_toolkit.history import History as TypedHistory
from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

from ampctl.errors import Terminated
from ampctl.runtime import Runtime
from ampctl.shell.complete.typed import Insertion
from ampctl.shell.history import History
from ampctl.shell.line import wants_more

_CONTINUED = "... "
_DEFAULT_SIZE = Size(rows=24, columns=80)
Complete = Callable[[str, Callable[[], bool]], Sequence[Insertion]]
"""Returns what may stand at the end of a line, as :func:`complete_typed` does."""


class Prompt:
    """Reads what is typed at the terminal, with history and keys to edit.

    Args:
        runtime: its standard input and output are the terminal.
        history: what is searched, and gets what is entered.
        complete: returns what may stand at the end of a line, as long as that is wanted.
    """

    def __init__(self, runtime: Runtime, history: History, complete: Complete) -> None:
        self._session: PromptSession[str] = PromptSession(
            history=_Typed(history),
            completer=_Completer(complete, self._is_at),
            # Keys that are typed while a server is asked are not lost.
            complete_in_thread=True,
            key_bindings=_bind_keys(),
            prompt_continuation=_continue,
            # The up key searches for what begins as the line does.
            enable_history_search=True,
            complete_while_typing=False,
            enable_suspend=True,
            input=Vt100Input(runtime.stdin),
            output=_make_output(runtime),
        )
        self._session.app.after_render += self._import_ahead
        self._is_first = True

    def read(self, text: str) -> str:
        """Show ``text`` and return what is entered; it may be several lines.

        Raises:
            EOFError: the person is done (Ctrl-D).
            KeyboardInterrupt: what was typed is dropped (Ctrl-C).
        """
        with self._ending_at_signals():
            return self._session.prompt(text)

    def _is_at(self, text: str) -> bool:
        """Tell whether the line up to the cursor is still ``text``."""
        before = self._session.default_buffer.document.text_before_cursor
        return before == text and not self._session.app.is_done

    @contextlib.contextmanager
    def _ending_at_signals(self) -> Iterator[None]:
        """Let signals that end the shell end the prompt first, which then restores the terminal.

        What a handler raises would be lost where the event loop happens to call something.
        """
        app = self._session.app

        def handle(number: int, frame: FrameType | None) -> None:
            try:
                before[number](number, frame)
            except Terminated as error:
                if app.loop is None or app.is_done:
                    raise
                app.loop.call_soon_threadsafe(functools.partial(app.exit, exception=error))

        before: dict[int, Any] = {
            number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)
        }
        ours = [number for number, one in before.items() if callable(one)]
        try:
            for number in ours:
                signal.signal(number, handle)
            yield
        finally:
            for number in ours:
                signal.signal(number, before[number])

    def _import_ahead(self, app: Application[str]) -> None:
        """Import what a request needs while the first command is being typed."""
        if self._is_first:
            self._is_first = False
            threading.Thread(target=_import_client, daemon=True).start()


def _import_client() -> None:
    # A failure is that of the first command, which imports it too.
    with contextlib.suppress(Exception):
        importlib.import_module("requests")


def _continue(width: int, line_number: int, wraps: int) -> str:
    """Return what stands before another line; nothing where one goes on for want of room."""
    return "" if wraps else _CONTINUED


class _Completer(Completer):
    """Completion as prompt_toolkit asks for it, which would show whatever is raised here.

    Args:
        complete: what is asked.
        is_at: tells whether the line up to the cursor is still the same.
    """

    def __init__(self, complete: Complete, is_at: Callable[[str], bool]) -> None:
        self._complete = complete
        self._is_at = is_at
        self._answered: CompleteEvent | None = None

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Yield what may stand at the cursor; nothing if that can't be found out."""
        # The same event comes again where a key was pressed meanwhile. That was not TAB, and a
        # server is asked once for each TAB.
        if complete_event is self._answered:
            return
        self._answered = complete_event
        text = document.text_before_cursor
        with contextlib.suppress(Exception):
            for start, inserted, shown, hint in self._complete(text, lambda: self._is_at(text)):
                yield Completion(
                    inserted, start - len(text), display=shown, display_meta=hint or None
                )


class _Typed(TypedHistory):
    """The history as prompt_toolkit asks for it."""

    def __init__(self, history: History) -> None:
        super().__init__()
        self._history = history

    def load_history_strings(self) -> Iterable[str]:
        """Yield the entries, the latest first."""
        yield from reversed(self._history.texts)

    def append_string(self, string: str) -> None:
        """Keep what was entered, here and in the file, unless it may not be kept."""
        if self._history.append(string) and self._loaded_strings[:1] != [string]:
            self._loaded_strings.insert(0, string)

    def store_string(self, string: str) -> None:
        """Do nothing: the entry is in the file already."""


def _bind_keys() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter", filter=has_focus(DEFAULT_BUFFER))
    def enter(event: KeyPressEvent) -> None:
        """Run the line, or go on in another one where it is not complete."""
        buffer = event.current_buffer
        if wants_more(buffer.text):
            buffer.cursor_position = len(buffer.text)
            buffer.newline(copy_margin=False)
        else:
            buffer.validate_and_handle()

    @bindings.add("enter", filter=has_focus(DEFAULT_BUFFER) & completion_is_selected)
    def take(event: KeyPressEvent) -> None:
        """Take the chosen completion, and run nothing."""
        event.current_buffer.complete_state = None

    return bindings


def _make_output(runtime: Runtime) -> Vt100_Output:
    stdout = runtime.stdout

    def measure() -> Size:
        with contextlib.suppress(OSError):
            columns, rows = os.get_terminal_size(stdout.fileno())
            if columns and rows:
                return Size(rows=rows, columns=columns)
        return _DEFAULT_SIZE

    return Vt100_Output(
        stdout,
        measure,
        term=runtime.environ.get("TERM"),
        default_color_depth=ColorDepth.MONOCHROME,
        # Where the cursor is need not be asked: not every terminal answers.
        enable_cpr=False,
    )
