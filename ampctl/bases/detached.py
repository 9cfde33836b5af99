"""An application that runs nothing: commands can be made for it and asked for their parsers."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TextIO, TypeVar

from ampctl.discovery.registry import Registry
from ampctl.errors import UsageError
from ampctl.runtime import Runtime
from ampctl.session import Session
from ampctl.settings.parser import Parser

T = TypeVar("T")


class Detached:
    """Stands in for the application where there is none."""

    def __init__(self) -> None:
        self.session = Session(Runtime.of_process())
        self.registry = Registry()
        self.stdout = self.session.console.stdout
        self.parser: argparse.ArgumentParser = self.session.parser_for(Parser, "ampctl")

    def run(self, argv: Sequence[str], *, stdout: TextIO | None = None) -> int:
        """Refuse to run a command line."""
        raise UsageError("there is no application to run commands")

    def read_parser(self, argv: Sequence[str], read: Callable[[argparse.ArgumentParser], T]) -> T:
        """Refuse to find another command."""
        raise UsageError("there is no application to find commands")
