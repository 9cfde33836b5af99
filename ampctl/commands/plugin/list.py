"""``plugin list``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.commands.plugin.distributions import read_plugins
from ampctl.commands.plugin.findings import find_absent
from ampctl.plugin import Lines, Lister


class ListPlugins(Lister):
    """List the distributions that bring commands, formats or hooks.

    Each is imported, in a process of its own, to see whether it works.
    """

    column_names = ("distribution", "version", "groups", "commands", "formats", "hooks", "state")
    examples = ("ampctl plugin list", "ampctl plugin list -f value -c distribution -c state")

    def take_action(
        self, parsed_args: argparse.Namespace
    ) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
        """Look at what is installed."""
        plugins = read_plugins(self.registry)
        for absent in find_absent(self.registry):
            self.console.warn(f"{absent.offer} {absent.distribution}: {absent.fact}")
        for plugin in plugins:
            if plugin.state.startswith("broken"):
                self.console.warn(f"{plugin.name} is {plugin.state}")
        return self.column_names, [
            (
                one.name,
                one.version,
                Lines(one.groups),
                Lines(one.commands),
                Lines(one.formats),
                Lines(one.hooks),
                one.state,
            )
            for one in plugins
        ]
