"""The base of all commands: what a command may use, and how its failures are kept."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

import cliff.command

from ampctl.errors import AmpError, ApiError, PartialFailure, Terminated
from ampctl.settings.options import Settings, add_global_options
from ampctl.settings.parser import Parser

if TYPE_CHECKING:
    from ampctl.client import AdminClient
    from ampctl.console.console import Console
    from ampctl.discovery.registry import Registry
    from ampctl.runtime import Runtime

T = TypeVar("T")
Target = TypeVar("Target")


class Application(Protocol):
    """What a command may ask of the application that runs it."""

    client: AdminClient
    console: Console
    runtime: Runtime
    settings: Settings
    registry: Registry
    parser: argparse.ArgumentParser

    def parser_for(self, prog: str, **options: Any) -> Parser:
        """Return an empty parser that prints where the application prints."""

    def command_help(self, argv: Sequence[str]) -> str:
        """Return the help text of the command in ``argv``."""


class Command(cliff.command.Command):
    """Base of all commands: what a command may use, and how its failures are kept.

    The docstring of a subclass is the command's help; its first line is the summary.

    Attributes:
        examples: whole command lines that the help shows.
        remarks: next steps that a person at a terminal is told after the output.
    """

    app: Application  # type: ignore[assignment]  # cliff's own class is not one
    examples: ClassVar[Sequence[str]] = ()

    def __init__(
        self, app: Application, app_args: argparse.Namespace | None, cmd_name: str | None = None
    ) -> None:
        super().__init__(app, app_args, cmd_name)  # type: ignore[arg-type]
        self.remarks: list[str] = []
        self._failures: list[AmpError] = []

    @property
    def client(self) -> AdminClient:
        """The client of the Admin API that the settings name; made when first asked for."""
        return self.app.client

    @property
    def console(self) -> Console:
        """Messages to the person, on stderr."""
        return self.app.console

    @property
    def runtime(self) -> Runtime:
        """Streams, environment, clocks, sleep and randomness."""
        return self.app.runtime

    @property
    def settings(self) -> Settings:
        """The settings of this command, each with its origin."""
        return self.app.settings

    @property
    def registry(self) -> Registry:
        """The commands there are."""
        return self.app.registry

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the global options; subclasses add their own to it."""
        parser = self.app.parser_for(
            prog_name, description=self.get_description(), epilog=self.get_epilog()
        )
        add_global_options(parser, hidden=True)
        return parser

    def get_epilog(self) -> str:
        """Return the examples, and where the global options are told."""
        shown = "".join(f"\n  {example}" for example in self.examples)
        examples = f"examples:{shown}\n\n" if shown else ""
        return f"{examples}Global options such as --admin-url: see `ampctl --help`."

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Do the command's work and return its exit code.

        Raises:
            AmpError: the command, or one or more of its targets, failed.
        """
        code: int = self.take_action(parsed_args) or 0
        self._raise_failures()
        return code

    def attempt(self, targets: Iterable[Target], call: Callable[[Target], T]) -> Iterator[T]:
        """Yield ``call(target)`` for each target in order; report those that fail and go on.

        When the command has printed its rows it ends with the failures' exit code.
        """
        for tried, target in enumerate(targets):
            try:
                result = call(target)
            except ApiError as error:
                self._failures.append(error)
                self.console.report(error)
            except (KeyboardInterrupt, Terminated):
                # What is done is done, and a table of it will never be printed.
                self.console.warn(
                    f"interrupted at {target}, which may be done or not; tried before: {tried}"
                )
                raise
            else:
                yield result

    def _raise_failures(self) -> None:
        if self._failures:
            raise PartialFailure(self._failures)
