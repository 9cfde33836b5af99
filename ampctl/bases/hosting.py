"""How commands are made and run, also those of others, whose faults are told as theirs."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from ampctl.bases.hosted import Application, Hosted
from ampctl.console.prints import let_prints_through, send_prints_to_stderr
from ampctl.console.text import reason_of
from ampctl.discovery.registry import FoundCommand
from ampctl.errors import AmpError, ClosedPipe, ExitCode, UsageError
from ampctl.session import fault_in
from ampctl.settings.parser import HelpShown, Parser


def adapt(command_class: Any, owner: str) -> Any:
    """Return the class to make a command of; see :func:`ampctl.bases.adapting.adapt`."""
    # Imported here: most commands derive from our own bases.
    from ampctl.bases import adapting

    return adapting.adapt(command_class, owner)


def make_command(
    command_class: Any, found: FoundCommand, app: Application, options: argparse.Namespace
) -> Hosted:
    """Make a command of what an entry point names: one of our bases, or of cliff's.

    Raises:
        PluginError: it is not a command.
    """
    if not (isinstance(command_class, type) and issubclass(command_class, Hosted)):
        command_class = adapt(command_class, found.owner)
    # As in cliff a class need not take the name, and then has no hooks.
    code = getattr(command_class.__init__, "__code__", None)
    taken = code.co_varnames[: code.co_argcount] if code else ()
    named = {"cmd_name": found.name} if "cmd_name" in taken else {}
    command: Hosted = command_class(app, options, **named)
    return command


def parse(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """Return the arguments of a command.

    Raises:
        HelpShown: the parser has printed what it was asked for, or what is wrong.
        UsageError: it does not take these arguments.
    """
    try:
        return parser.parse_args(arguments)
    except SystemExit as error:
        # Ours raises nothing else; one that a command has made for itself ends as argparse's do.
        if isinstance(parser, Parser):
            raise
        raise HelpShown(error.code) from error


@contextlib.contextmanager
def steer_prints(found: FoundCommand, command: Hosted) -> Iterator[None]:
    """Send what a command prints by itself to where it belongs.

    Beside data that is standard error. What a command of cliff's prints otherwise is its output.
    """
    with contextlib.ExitStack() as stack:
        if hasattr(command, "produce_output"):
            stack.enter_context(send_prints_to_stderr())
        elif found.owner != "ampctl":
            stack.enter_context(let_prints_through())
            if command.ampctl_owner:
                stack.enter_context(contextlib.redirect_stdout(command.app.stdout))
        yield


def code_of(error: BaseException) -> int:
    """Return the exit code of a command that an exception ended."""
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return ExitCode.CLOSED_PIPE
    return getattr(error, "exit_code", None) or ExitCode.FAILED


@contextlib.contextmanager
def blame_plugin(found: FoundCommand, command: Hosted | None = None) -> Iterator[None]:
    """Name the distribution whose command fails as no command should.

    Args:
        found: where the command is.
        command: the command, if it is there. One of cliff's bases may raise anything to say that
            it failed.
    """
    try:
        yield
    except UsageError as error:
        error.hint = error.hint or f"ampctl {found.name} --help"
        raise
    except (AmpError, HelpShown):
        raise
    except SystemExit as error:
        # It may have done only half of its work, whatever its exit code says.
        raise AmpError(
            f"{found.name!r} ended before it was done: it called sys.exit({error.code!r})",
            hint="report this to the plugin's authors",
        ) from error
    except Exception as error:
        if command is not None and command.ampctl_owner:
            if isinstance(error, BrokenPipeError):
                raise ClosedPipe from error
            raise AmpError(
                f"{found.name!r} failed: {reason_of(error)}",
                hint="the same command with --debug, to see where",
            ) from error
        raise fault_in(found.owner, error) from error
