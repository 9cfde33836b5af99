"""The engine: from the words before the cursor to what may stand there."""

from __future__ import annotations

import argparse
import itertools
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ampctl.console.text import printable
from ampctl.discovery.builtin import CORE_WORDS
from ampctl.discovery.registry import Registry
from ampctl.errors import UsageError
from ampctl.settings.completing import Candidate, CompletionQuery, offer, source_of
from ampctl.settings.options import (
    add_global_options,
    add_leading_options,
    reach_alike,
    read_given,
)
from ampctl.settings.parser import Parser
from ampctl.settings.values import parse_request_timeout
from ampctl.shell.complete.arguments import Arguments, Place, takes_file
from ampctl.shell.complete.commands import complete_command
from ampctl.shell.complete.quiet import call_quietly

if TYPE_CHECKING:
    from ampctl.app import AmpApp
    from ampctl.client import AdminClient
    from ampctl.settings.options import Settings

LIMIT_VARIABLE = "AMPCTL_COMPLETION_TIMEOUT"
_SERVER_LIMIT_S = 0.28
_LOCAL_LIMIT_S = 2.0
# What ends a word that is only a part of one.
_PARTS = ("/", "=", ":", ",")


def read_server_limit_s(environ: Mapping[str, str]) -> float:
    """Return how long a person waits for what a server may offer, in seconds.

    Raises:
        UsageError: the variable for those whose server is far away holds no duration.
    """
    given = environ.get(LIMIT_VARIABLE)
    try:
        return parse_request_timeout(given) if given else _SERVER_LIMIT_S
    except ArgumentTypeError as error:
        raise UsageError(f"{LIMIT_VARIABLE}: {error}") from error


class Completion(NamedTuple):
    """What may stand at the cursor.

    Attributes:
        candidates: the words, each in full, in the order in which they are shown.
        files: whether the name of a file may stand there. In a word such as ``--log-file=x`` it
            begins after the sign.
        space: whether the word is done with, so that a space may follow it.
    """

    candidates: tuple[Candidate, ...] = ()
    files: bool = False
    space: bool = True


class Engine:
    """Completes words, and never fails: what can't be known in time is not offered.

    Groups and verbs are completed without importing anything of a plugin; options and values
    import the module of their command.

    Args:
        registry: the commands there are.
        make_app: returns the application over the same registry; called when options or values
            of a command are asked for.
        monotonic: a clock in seconds.
        limit: how many candidates to offer at most.
        server_limit_s: how long to wait where a server is asked.
    """

    def __init__(
        self,
        registry: Registry,
        make_app: Callable[[], AmpApp],
        *,
        monotonic: Callable[[], float],
        limit: int = 1000,
        server_limit_s: float = _SERVER_LIMIT_S,
    ) -> None:
        self.registry = registry
        self.make_app = make_app
        self.monotonic = monotonic
        self.limit = limit
        self.server_limit_s = server_limit_s
        self._client: AdminClient | None = None
        self._client_settings: Settings | None = None

    def complete(
        self, words: Sequence[str], is_wanted: Callable[[], bool] = lambda: True
    ) -> Completion:
        """Return what may stand at the cursor.

        Args:
            words: the words up to the cursor, without their quotes and without ``ampctl``. The
                last one, possibly empty, is the one to complete.
            is_wanted: whether the answer still matters; nothing is offered once it does not.
        """
        attempt = _Attempt(self, words)

        def is_over() -> bool:
            return attempt.is_over() or not is_wanted()

        return call_quietly(attempt.complete, is_over) or Completion()

    def complete_openly(self, words: Sequence[str]) -> Completion:
        """Return the same, however long it takes; raises whatever goes wrong: for tests."""
        return _Attempt(self, words).complete()

    def connect(self, options: Mapping[str, Any]) -> AdminClient:
        """Return the client for a line with these options; the same one while it serves them."""
        session = self.make_app().session
        settings = session.settings_with(options)
        if self._client is None or not reach_alike(self._client_settings, settings):
            client = session.connect_briefly(settings, self.server_limit_s)
            self.close()
            self._client, self._client_settings = client, settings
        return self._client

    def close(self) -> None:
        """Close the connection that completion has used."""
        if self._client is not None:
            self._client.close()
            self._client = None


class _Attempt:
    """One completion.

    Args:
        engine: what it is for.
        words: see :meth:`Engine.complete`.
    """

    def __init__(self, engine: Engine, words: Sequence[str]) -> None:
        self._engine = engine
        self._words = words
        self._begun_s = engine.monotonic()
        self._limit_s = _LOCAL_LIMIT_S

    def is_over(self) -> bool:
        """Tell whether it is too late for an answer."""
        return self._engine.monotonic() - self._begun_s >= self._limit_s

    def complete(self) -> Completion:
        """Return what may stand at the cursor; raises whatever goes wrong."""
        parser = Parser(prog="ampctl", add_help=False)
        add_leading_options(parser)
        leading = Arguments(parser, self._words)
        place = leading.place
        if place.is_option:
            return _choose(leading.list_options(), place)
        if place.action is None or place.action.dest != "words":
            return self._complete_value(place, ())
        return self._complete_command([*place.given, place.prefix])

    def _complete_command(self, words: Sequence[str]) -> Completion:
        first, *others = words
        if first == "help" and others and others[-1][:1] != "-":
            return self._complete_words([word for word in others if word[:1] != "-"])
        if first == "watch" and others and others[0][:1] != "-":
            return self._complete_watched(others)
        count = 1 if words[0] in CORE_WORDS else 2
        if len(words) <= count:
            return self._complete_words(words)
        app = self._engine.make_app()
        arguments = app.read_parser(
            words[:count], lambda parser: _read_arguments(parser, words[count:])
        )
        place = arguments.place
        if place.is_option:
            shown = _choose(arguments.list_options(), place)
            return shown if shown.candidates else _choose(_list_global_options(), place)
        return self._complete_value(place, words[count:-1])

    def _complete_watched(self, words: Sequence[str]) -> Completion:
        """Return what may be run again and again; the time between two runs may come first."""
        if words[0][:1].isdigit():
            words = words[1:]
        if len(words) > 2:
            return self._complete_command(words)
        return self._complete_words(words, only_reads=True)

    def _complete_words(self, words: Sequence[str], *, only_reads: bool = False) -> Completion:
        if not 1 <= len(words) <= 2:
            return Completion()
        offered = complete_command(self._engine.registry, words, only_reads=only_reads)
        return _choose(offered, Place(None, words[-1]))

    def _complete_value(self, place: Place, words: Sequence[str]) -> Completion:
        """Return the values of the argument at a place; ``words`` are those before it."""
        action = place.action
        if action is None:
            return Completion()
        source = source_of(action)
        if source is None and action.choices:
            source = offer(map(str, action.choices))
        if source is None:
            return Completion(files=takes_file(action))
        query = CompletionQuery(
            place.prefix,
            words,
            limit=self._engine.limit,
            now=self._engine.make_app().session.runtime.now(),
            connect=self._connect,
        )
        return _choose(source(query), place, self._engine.limit)

    def _connect(self) -> AdminClient:
        parser = Parser(prog="ampctl", add_help=False)
        add_global_options(parser, hidden=True)
        options = read_given(parser.parse_known_args(list(self._words[:-1]))[0])
        # From here on a server may take its time.
        self._limit_s = self._engine.server_limit_s
        return self._engine.connect(options)


def _read_arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> Arguments:
    # Imported here, for the reason that no command is imported above.
    from ampctl.bases.hosted import CommandParser

    if isinstance(parser, CommandParser):
        parser.prepare(words)
    return Arguments(parser, words)


def _list_global_options() -> Iterable[Candidate]:
    parser = Parser(prog="ampctl", add_help=False)
    add_global_options(parser)
    return Arguments(parser, ["-"]).list_options()


def _choose(candidates: Iterable[Candidate], place: Place, limit: int | None = None) -> Completion:
    """Return those that fit to what was typed, made fit to be shown."""
    found: dict[str, Candidate] = {}
    for text, hint in itertools.islice(candidates, limit):
        # What can't be shown can't be typed either.
        if text.startswith(place.prefix) and text not in place.given and printable(text) == text:
            found[text] = Candidate(place.begun + text, printable(hint))
    space = not any(text.endswith(_PARTS) for text in found)
    return Completion(tuple(found.values()), space=space)
