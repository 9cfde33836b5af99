"""``plugin check``."""

from __future__ import annotations

import argparse

from ampctl.commands.plugin.distributions import find_plugins, offer_plugins, read_plugins
from ampctl.commands.plugin.findings import Finding, find_absent
from ampctl.errors import ExitCode
from ampctl.plugin import Answer, Column, Lister, completes


class CheckPlugins(Lister):
    """Check plugins: imports, names, versions, options, columns, help and examples.

    Each fault is a row, and any fault is exit code 1: made for a plugin's own tests. So is a
    name in --plugins that no distribution has.
    """

    columns = (
        Column("distribution", lambda finding, now: finding.distribution),
        Column("kind", lambda finding, now: finding.kind),
        Column("offer", lambda finding, now: finding.offer),
        Column("fact", lambda finding, now: finding.fact),
    )
    examples = ("ampctl plugin check", "ampctl plugin check ampctl-job -f json")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare which distributions to check."""
        parser = super().get_parser(prog_name)
        name = parser.add_argument(
            "distributions", nargs="*", metavar="NAME", help="a distribution; all if none is named"
        )
        completes(name, offer_plugins(self.registry))
        return parser

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Print the faults; any is a bad outcome."""
        return super().run(parsed_args) or self._outcome

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Finding]:
        """Look for faults."""
        names = parsed_args.distributions
        chosen = find_plugins(self.registry, names) if names else read_plugins(self.registry)
        findings = find_absent(self.registry)
        findings += [finding for plugin in chosen for finding in plugin.findings]
        self._outcome = ExitCode.FAILED if findings else ExitCode.OK
        remark = f"No faults in {len(chosen)} distributions."
        return Answer(findings, remarks=() if findings else [remark])
