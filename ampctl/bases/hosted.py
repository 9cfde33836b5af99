"""What the application gives to every command, cliff's own classes among them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TextIO, TypeVar

import cliff.command
from cliff import _argparse

from ampctl.settings.parser import Parser

if TYPE_CHECKING:
    from cliff.hooks import CommandHook

    from ampctl.discovery.registry import Registry
    from ampctl.session import Session

    # Adds options that rest on the arguments; on None it adds all that there may be.
    Prepare = Callable[[argparse.ArgumentParser, Sequence[str] | None], None]

T = TypeVar("T")


class Application(Protocol):
    """What a command may ask of the application that runs it."""

    session: Session
    registry: Registry
    stdout: TextIO
    """Standard output, for data only."""
    parser: argparse.ArgumentParser

    def run(self, argv: Sequence[str], *, stdout: TextIO | None = None) -> int:
        """Run another command line and return its exit code; its failures are reported."""

    def read_parser(self, argv: Sequence[str], read: Callable[[argparse.ArgumentParser], T]) -> T:
        """Return what ``read`` makes of the parser of a command; its failures are the plugin's."""


class CommandParser(Parser):
    """The parser of a command.

    It knows all ways to handle conflicting options, cliff's ``ignore`` among them, and options
    that are added when the arguments are known.

    Attributes:
        late: what adds them.
        examples: command lines that the help shows below the first line of the description.
        last_group: the options that the help shows after all others.
    """

    # cliff's groups know its way to handle conflicts, and argparse's own do not.
    if not TYPE_CHECKING:
        add_argument_group = _argparse.ArgumentParser.add_argument_group
        add_mutually_exclusive_group = _argparse.ArgumentParser.add_mutually_exclusive_group
        _handle_conflict_ignore = _argparse.ArgumentParser._handle_conflict_ignore

    def __init__(self, **options: Any) -> None:
        self.late: list[Prepare] = []
        self.examples: Sequence[str] = ()
        self.last_group: argparse._ArgumentGroup | None = None
        super().__init__(**options)

    def prepare(self, args: Sequence[str] | None) -> None:
        """Add the options that rest on ``args``; all of them for None."""
        for prepare in self.late:
            prepare(self, args)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as argparse does."""
        self.prepare(args)
        return super().parse_known_args(args, namespace)

    def format_help(self) -> str:
        """Return the help, with all options that there may be."""
        self.prepare(None)
        return super(CommandParser, self._arrange()).format_help()

    def _arrange(self) -> CommandParser:
        """Return a parser for the help alone: what concerns this command before the rest."""
        # Imported here: most command lines ask for no help.
        import copy

        shown = copy.copy(self)
        if self.examples:
            summary, _, rest = (self.description or "").partition("\n\n")
            lines = "".join(f"\n  {example}" for example in self.examples)
            shown.description = "\n\n".join(filter(None, (summary, f"examples:{lines}", rest)))
        if last := self.last_group:
            own = [action for action in self._actions if action not in last._group_actions]
            # The usage has one word for the rest, which looks like an argument to argparse.
            others = argparse.Action([], "rest", metavar=f"[{last.title} options]")
            shown._actions = [*own, others]
            shown._action_groups = sorted(self._action_groups, key=lambda group: group is last)
        return shown


def add_late(parser: argparse.ArgumentParser, prepare: Prepare) -> None:
    """Let ``prepare`` add options before arguments are parsed or completed, or help is made.

    A parser that a command has made for itself takes no part in that.
    """
    if isinstance(parser, CommandParser):
        parser.late.append(prepare)


def make_detached() -> Application:
    """Return what stands in for the application where a class is looked at without one.

    cliff's directive for Sphinx does that.
    """
    from ampctl.bases.detached import Detached

    return Detached()


class Hosted(cliff.command.Command):
    """Stands between cliff's base of all commands and whatever derives from it.

    Our own :class:`~ampctl.plugin.Command` derives from it. Under a class that derives from cliff's
    bases alone it is put when that is loaded: whatever such a class overrides stays in force.

    Its attributes have names that no class of others has by chance.

    Attributes:
        ampctl_informs: whether its log shows information without being asked for, as with cliff.
        ampctl_owner: the distribution that brings it; empty for a command of our bases.
        ampctl_layout: how its help looks.
    """

    app: Application  # type: ignore[assignment]  # cliff's own class is not one
    ampctl_informs: ClassVar[bool] = True
    ampctl_owner: ClassVar[str] = ""
    ampctl_layout: ClassVar[Callable[..., argparse.HelpFormatter]] = _argparse.SmartHelpFormatter

    def __init__(
        self,
        app: Application | None,
        app_args: argparse.Namespace | None,
        cmd_name: str | None = None,
    ) -> None:
        super().__init__(app or make_detached(), app_args, cmd_name)  # type: ignore[arg-type]

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser as cliff's bases do; it prints and fails as ampctl does."""
        parser = self.app.session.parser_for(
            CommandParser,
            prog_name,
            description=self.get_description(),
            epilog=self.get_epilog(),
            conflict_handler=self.conflict_handler,
            layout=type(self).ampctl_layout,
        )
        for hook in list_hooks(self):
            hook.get_parser(parser)
        return parser

    def get_epilog(self) -> str:
        """Return the epilog, those of the hooks, and where the command comes from."""
        own: str | None = self._epilog
        parts = [own or "", *list_hook_epilogs(self)]
        if owner := self.ampctl_owner:
            parts.append(f"This command is provided by the {owner} plugin.")
        return "\n\n".join(filter(None, parts))

    def _load_hooks(self) -> None:
        # cliff's own would look through all that is installed, and ask no one what may count.
        name = self.cmd_name
        self._hooks = self.app.registry.load_hooks(self, name) if name else []  # type: ignore[assignment]  # a list serves as well


def list_hooks(command: Hosted) -> list[CommandHook]:
    """Return the hooks of a command."""
    return [hook.obj for hook in command._hooks if hook.obj is not None]


def list_hook_epilogs(command: Hosted) -> list[str]:
    """Return what the hooks of a command add to the end of its help."""
    return [epilog for hook in list_hooks(command) if (epilog := hook.get_epilog())]
