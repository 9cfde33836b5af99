"""Hooks that distributions hang on a command, as cliff has them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from cliff.command import Command
from cliff.hooks import CommandHook
from stevedore.extension import Extension

from ampctl.console.text import reason_of
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.loading import load_extension
from ampctl.errors import AmpError

Hook = Extension[Any]


def load_hooks(entries: Sequence[EntryPoint], command: Command) -> list[Hook]:
    """Load the hooks of a command, and make one of each for it.

    Raises:
        PluginError: one of them can't be loaded or made.
    """
    return [_load_hook(entry, command) for entry in entries]


def _load_hook(entry: EntryPoint, command: Command) -> Hook:
    extension = load_extension(entry, call_with={"command": command})
    extension.obj = _Blamed(extension.obj, entry.owner)
    return extension


class _Blamed(CommandHook):
    """A hook whose failures are told as those of its distribution, and not of the command's."""

    def __init__(self, hook: Any, owner: str) -> None:
        self._hook = hook
        self._owner = owner

    def get_parser(self, parser: Any) -> Any:
        with self._blame():
            return self._hook.get_parser(parser)

    def get_epilog(self) -> str | None:
        with self._blame():
            epilog: str | None = self._hook.get_epilog()
            return epilog

    def before(self, parsed_args: Any) -> Any:
        with self._blame():
            return self._hook.before(parsed_args)

    def after(self, parsed_args: Any, return_code: Any) -> Any:
        with self._blame():
            return self._hook.after(parsed_args, return_code)

    @contextlib.contextmanager
    def _blame(self) -> Iterator[None]:
        try:
            yield
        except AmpError:
            raise
        except Exception as error:
            raise AmpError(
                f"a hook of {self._owner} failed: {reason_of(error)}",
                hint="the same command with --debug, and report what it prints",
            ) from error
