"""The base of all commands: what a command may use."""

from __future__ import annotations

import argparse
import contextlib
import functools
import itertools
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ampctl.bases.hosted import CommandParser, Hosted, list_hook_epilogs
from ampctl.bases.targets import Targets
from ampctl.errors import UsageError
from ampctl.settings.options import Settings, add_global_options
from ampctl.settings.parser import LAYOUT

if TYPE_CHECKING:
    from ampctl.bases.aside import Ran
    from ampctl.client import AdminClient
    from ampctl.console.console import Console
    from ampctl.discovery.registry import Registry
    from ampctl.errors import AmpError
    from ampctl.runtime import Runtime

T = TypeVar("T")
Target = TypeVar("Target")

_CLIFF_PRINTS = ("cliff.lister", "cliff.show")


class Command(Hosted):
    """Base of all commands.

    The docstring of a subclass is the command's help; its first line is the summary.

    Attributes:
        app: the application that runs the command; ``self.app.stdout`` is for data only.
        examples: complete command lines that the help shows.
        only_reads: whether the command never changes anything, so that it may be run again and
            again, as ``ampctl watch`` does.
    """

    conflict_handler = "error"
    examples: ClassVar[Sequence[str]] = ()
    ampctl_informs = False
    ampctl_layout = LAYOUT
    only_reads: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a class that would print in two ways, or past the formats of ampctl."""
        super().__init_subclass__(**kwargs)
        printing = [base.__name__ for base in cls.__mro__ if base.__module__ in _CLIFF_PRINTS]
        if len(printing) > 1:
            raise TypeError(f"{cls.__qualname__} can't be {' and '.join(printing)} at once")
        if printing and not hasattr(cls, "_print"):
            raise TypeError(
                f"{cls.__qualname__} derives from Command and from cliff's {printing[0]}: "
                f"use {printing[0]} of ampctl.plugin instead of both"
            )

    @functools.cached_property
    def _targets(self) -> Targets:
        return Targets(self.console, self.runtime.monotonic)

    @property
    def client(self) -> AdminClient:
        """The client of the Admin API that the settings name; made when first asked for."""
        return self.app.session.client

    @property
    def console(self) -> Console:
        """Messages to the person, on stderr."""
        return self.app.session.console

    @property
    def runtime(self) -> Runtime:
        """Streams, environment, clocks, sleep and randomness."""
        return self.app.session.runtime

    @property
    def settings(self) -> Settings:
        """The settings of this command, each with its origin."""
        return self.app.session.settings

    @property
    def registry(self) -> Registry:
        """The commands there are."""
        return self.app.registry

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the global options; subclasses add their own to it."""
        parser = super().get_parser(prog_name)
        if isinstance(parser, CommandParser):
            parser.examples = self.examples
        add_global_options(parser, hidden=True)
        return parser

    def get_description(self) -> str:
        """Return the docstring without its indentation; cliff imports inspect for that."""
        ours = itertools.takewhile(
            lambda kind: kind.__module__.partition(".bases.")[0] != "ampctl", type(self).__mro__
        )
        text = self._description or next(filter(None, (kind.__doc__ for kind in ours)), "")
        first, _, others = text.expandtabs().partition("\n")
        return f"{first.lstrip()}\n{textwrap.dedent(others)}".strip("\n").rstrip()

    def get_epilog(self) -> str:
        """Return what hooks add, and where the global options are explained."""
        where = "Global options such as --admin-url: see `ampctl --help`."
        return "\n\n".join([*list_hook_epilogs(self), where])

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Do the command's work and return its exit code.

        Raises:
            AmpError: the command, or one or more of its targets, failed.
        """
        with self._mention_changes():
            code = super().run(parsed_args)
            self.app.stdout.flush()
        self.raise_failures()
        return code

    def _mention_changes(self) -> contextlib.AbstractContextManager[None]:
        session = self.app.session
        return self._targets.mention_changes(lambda: session.has_changed)

    def for_each(
        self,
        targets: Iterable[Target],
        call: Callable[[Target], T],
        *,
        changes: bool = False,
        concurrent: bool = False,
    ) -> list[T]:
        """Call ``call(target)`` for each target now, and return the results in order.

        An :class:`~ampctl.plugin.ApiError` is reported, and the next target is tried. A
        :class:`~ampctl.plugin.GivenUp` counts the targets that are left; anything else, Ctrl-C
        among it, ends the calls as well. The command ends with the failures' exit code when it
        has printed what it returns, so that what was done is never lost. Where a terminal is, a
        line counts what is done if that takes longer than a second.

        Args:
            targets: what to call it for; their texts are shown.
            call: does the work for one of them.
            changes: whether ``call`` changes something on the server. If so, an interrupt says
                that its target may have been carried out, and an answer that can't be written
                that the changes were carried out.
            concurrent: whether several calls may be in flight, on threads of their own: eight, or
                as many as the person chose in a :class:`~ampctl.plugin.Bulk`. ``call`` may then
                only use what threads can share, as ``self.client`` and ``self.console`` are; what
                it says is shown in the order of the targets.
        """
        return self._targets.call_each(
            targets, call, changes=changes, at_once=self._share_client() if concurrent else 1
        )

    def read_each(self, targets: Iterable[Target], read: Callable[[Target], T]) -> list[T]:
        """Return ``read(target)`` for each target, in order; the first failure is raised.

        It is for what must be known of all targets before any is changed. Up to eight calls are in
        flight, on threads of their own.

        Args:
            targets: what to call it for.
            read: reads something about one of them; it may only use what threads can share.
        """
        return self._targets.read_each(targets, read, at_once=self._share_client())

    def poll(
        self,
        read: Callable[[], T],
        *,
        interval_s: float,
        goal: str,
        timeout_s: float | None = None,
        sleep: Callable[[float], object] | None = None,
        tell: Callable[[str], object] | None = None,
    ) -> Iterator[T]:
        """Yield ``read()`` again and again, until the caller has seen enough or the time is up.

        An outage of the server is ridden out, once it has answered: on a terminal a line tells how
        old the latest answer is, elsewhere one line tells of each outage. Any other error is
        raised, such as that a token is not accepted any more.

        Args:
            read: asks the server.
            interval_s: how long to wait after each reading, in seconds.
            goal: what is waited for, for a message: ``the end of job 7``.
            timeout_s: for how long to go on, in seconds; with 0 there is one reading. None for as
                long as it takes.
            sleep: waits for the given seconds, if not the runtime's; it may end early.
            tell: shows how old the latest answer is, each second while the server is away, for a
                command that draws a picture.

        Raises:
            UsageError: ``ampctl watch`` runs the command, which would never come to a second run.
            WaitTimeout: the time is up; the latest reading was made when it was.
            UnavailableError: there was not even a first answer.
            ApiError: any other failure of ``read``.
        """
        # Imported here: hardly any command waits.
        from ampctl.bases.polling import poll

        if self.app.session.is_repeating:
            raise UsageError(
                "what goes on by itself can't be watched", hint="the same command without watch"
            )
        return poll(
            read,
            interval_s=interval_s,
            timeout_s=timeout_s,
            goal=goal,
            console=self.console,
            runtime=self.runtime,
            sleep=sleep,
            tell=tell,
        )

    def run_aside(self, *words: str) -> Ran:
        """Run another command line in the session of this one, and return what came of it.

        The options of this command hold for it. Nothing of it is shown, and its failures are not
        raised: a command with a picture shows them in its own way. Signals end both, and what the
        other one had to say is then said.

        Args:
            words: ``job``, ``stop``, ``7``.
        """
        # Imported here: hardly any command runs another one.
        from ampctl.bases.aside import run_aside

        return run_aside(self.app, words)

    def _share_client(self) -> int:
        """Make the client on this thread, and return how many threads may use it at once."""
        assert self.client is not None
        return self._targets.at_once

    def note_failure(self, error: AmpError) -> None:
        """Report that a target failed of which there is a result to print all the same.

        The command ends with the failures' exit code, as with :meth:`for_each`.
        """
        self._targets.note_failure(error)

    def raise_failures(self) -> None:
        """Raise what went wrong in :meth:`for_each`; the bases do so after the output.

        Raises:
            PartialFailure: one or more targets failed.
        """
        self._targets.raise_failures()
