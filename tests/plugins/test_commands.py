"""The commands of the group ``plugin``."""

from __future__ import annotations

import json
import sys

import pytest

from ampctl.commands.plugin.probe import probe
from ampctl.entry_points import EntryPoint
from ampctl.testing import invoke

from .conftest import Environment

FAULTY = '''
from ampctl.plugin import CommandGroup, Lister
group = CommandGroup(summary="", api="1")
class Bare(Lister):
    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument("--mute")
        return parser
    def take_action(self, parsed_args): pass
class Greedy(Lister):
    """Take what is taken."""
    examples = ("ampctl faulty greedy",)
    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument("--debug")
        return parser
    def take_action(self, parsed_args): pass
class Idle(Lister):
    """Do nothing."""
    examples = ("ampctl faulty idle",)
'''


def test_list_shows_what_each_distribution_brings() -> None:
    rows = {row["distribution"]: row for row in invoke("plugin", "list", "-f", "json").json}

    assert rows["ampctl-job"]["groups"] == ["job"]
    assert "job ls" in rows["ampctl-job"]["commands"]
    assert rows["ampctl-sandbox"]["state"] == "ok"


def test_show_tells_of_one_distribution() -> None:
    shown = invoke("plugin", "show", "ampctl-job", "-f", "json").json

    assert (shown["state"], shown["findings"], shown["formats"]) == ("ok", [], [])


@pytest.mark.parametrize("verb", ["show", "check"])
def test_a_distribution_without_plugins_is_wrong_usage(verb: str) -> None:
    told = invoke("plugin", verb, "requests", expect=2).stderr

    assert "no distribution 'requests' brings a plugin" in told


def test_check_finds_every_fault_and_exits_with_1(environment: Environment) -> None:
    names = ("bare", "greedy", "idle", "again")
    classes = ("Bare", "Greedy", "Idle", "Bare")
    points = "[ampctl.groups]\nfaulty = faulty_plugin:group\n[ampctl.faulty]\n" + "".join(
        f"{name} = faulty_plugin:{kind}\n" for name, kind in zip(names, classes, strict=True)
    )
    environment.add("amp-faulty", points, faulty_plugin=FAULTY)

    done = environment.ampctl("plugin", "check", "-f", "json", expect=1)

    found = {(row["kind"], row["offer"]) for row in json.loads(done.stdout)}
    assert found == {
        ("missing help", "faulty"),
        ("missing help", "faulty bare"),
        ("undocumented", "faulty bare"),
        ("missing help", "faulty again"),
        ("undocumented", "faulty again"),
        ("reserved option", "faulty greedy"),
        ("broken", "faulty idle"),
    }
    environment.ampctl("plugin", "check", "ampctl-job")


def test_a_wrong_version_is_a_state_and_a_finding(environment: Environment) -> None:
    source = FAULTY.replace('api="1"', 'api="2"')
    points = "[ampctl.groups]\nfaulty = faulty_plugin:group\n"
    points += "[ampctl.faulty]\ngreedy = faulty_plugin:Greedy\n"
    environment.add("amp-faulty", points, faulty_plugin=source)

    shown = json.loads(environment.ampctl("plugin", "show", "amp-faulty", "-f", "json").stdout)

    assert shown["state"].startswith("wrong api: faulty greedy: amp-faulty was written for version")


def test_an_import_that_hangs_is_given_up(environment: Environment) -> None:
    environment.add("amp-slow", "", slow_plugin="import time; time.sleep(600)")
    hanging = EntryPoint("x", "slow_plugin:X", "ampctl.slow")
    sound = EntryPoint("y", "ampctl_job.commands.list:ListJobs", "ampctl.job")

    sys.path.append(str(environment.site))
    try:
        verdicts = probe([hanging, sound], timeout_s=3)
    finally:
        sys.path.remove(str(environment.site))

    assert verdicts == {
        ("ampctl.slow", "slow_plugin:X"): [("broken", "its import takes longer than 3 s")],
        ("ampctl.job", "ampctl_job.commands.list:ListJobs"): [],
    }
