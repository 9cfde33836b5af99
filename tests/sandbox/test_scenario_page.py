"""What the page about the sandbox shows of each scenario."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ampctl.testing.runner import invoke
from ampctl_sandbox.simulation.scenarios import SCENARIOS
from ampctl_sandbox.testing import live_sandbox

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sandbox.rst"
BLOCK = re.compile(r"^``(\w+)``\n(.*?)(?=^\S)", re.MULTILINE | re.DOTALL)
SHOWN = {name: text for name, text in BLOCK.findall(PAGE.read_text()) if name in SCENARIOS}
LISTED = re.compile(r"^ +\$ ampctl (job list.*)\n((?:      .*\n)+?)(?= +\$|\n)", re.MULTILINE)
# What stays: whether a job is scheduled or runs already changes from second to second.
JOB = re.compile(r"^ +(\d+)  \S \w+ +(\S+) +\S+ +(\S+)", re.MULTILINE)


def test_the_page_shows_each_scenario() -> None:
    assert SHOWN.keys() == SCENARIOS.keys()


@pytest.mark.parametrize("name", SHOWN)
def test_the_jobs_that_the_page_shows_are_those_of_the_scenario(name: str) -> None:
    (command, output), *_ = LISTED.findall(SHOWN[name])
    with live_sandbox(scenario=name, jobs=200) as sandbox:
        found = invoke(*command.split(), "--admin-url", sandbox.url, "-f", "json")

    jobs = [(str(job["id"]), job["dataset"], job["worker"]) for job in found.json]
    assert JOB.findall(output) == jobs
    assert bool(jobs) == (name != "idle")
    for line in filter(None, found.stderr.splitlines()):
        assert line in output
