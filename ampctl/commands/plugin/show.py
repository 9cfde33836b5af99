"""``plugin show``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.commands.plugin.distributions import find_plugins, offer_plugins
from ampctl.plugin import Lines, ShowOne, completes


class ShowPlugin(ShowOne):
    """Show what one distribution brings, and all that is wrong with it."""

    column_names = (
        "distribution",
        "version",
        "groups",
        "commands",
        "formats",
        "hooks",
        "state",
        "findings",
    )
    examples = ("ampctl plugin show ampctl-job", "ampctl plugin show ampctl-job -f json")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare which distribution to show."""
        parser = super().get_parser(prog_name)
        name = parser.add_argument(
            "distribution", metavar="NAME", help="the name of a distribution"
        )
        completes(name, offer_plugins(self.registry))
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[Sequence[str], Iterable[Any]]:
        """Look at the distribution."""
        (plugin,) = find_plugins(self.registry, [parsed_args.distribution])
        findings = [f"{found.kind}: {found.offer}: {found.fact}" for found in plugin.findings]
        return self.column_names, (
            plugin.name,
            plugin.version,
            Lines(plugin.groups),
            Lines(plugin.commands),
            Lines(plugin.formats),
            Lines(plugin.hooks),
            plugin.state,
            Lines(findings),
        )
