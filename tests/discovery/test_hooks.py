"""Hooks that other distributions hang on a command."""

from __future__ import annotations

import pytest

from ampctl.discovery.registry import Registry
from ampctl.testing import Api, invoke
from ampctl_job.testing import job, page

from .conftest import Install

HOOK = """
from cliff.hooks import CommandHook
class Hook(CommandHook):
    def get_parser(self, parser):
        parser.add_argument("--ticket", help="why")
    def get_epilog(self):
        return f"audited: {self.cmd.cmd_name}"
    def before(self, parsed_args):
        {before}
    def after(self, parsed_args, answer):
        {after}
"""


@pytest.fixture
def hook(plugins: Install) -> object:
    """Install a hook on ``job list``."""

    def install(before: str = "pass", after: str = "pass", verb: str = "list") -> None:
        points = f"[ampctl.job.{verb}]\naudit = audit_hook:Hook\n"
        source = HOOK.replace("{before}", before).replace("{after}", after)
        plugins("amp-audit", points, audit_hook=source)

    return install


def test_a_hook_sees_the_command_before_and_after(hook, api: Api) -> None:
    api.on("GET", "/jobs", page(job(1)))
    hook(
        before="self.cmd.console.say(f'ticket {parsed_args.ticket}')",
        after="self.cmd.console.say(f'after {list(answer.items)[:0]}')",
    )

    result = invoke("job", "list", "--ticket", "T1", "-f", "value", "-c", "id")

    assert result.stderr == "ticket T1\nafter []\n"


def test_a_hook_may_change_arguments_and_answer(hook, api: Api) -> None:
    api.on("GET", "/jobs", page(job(1), next_cursor=None))
    hook(
        before="parsed_args.limit = 7; return parsed_args",
        after="return ('n',), [(1,), (2,)]",
    )

    assert invoke("job", "list", "-f", "value").stdout == "1\n2\n"
    assert api.requests == ["GET /jobs?limit=7&status=active"]


@pytest.mark.parametrize("words", [("job", "list"), ("job", "ls"), ("jobs", "ls")], ids=" ".join)
@pytest.mark.parametrize("verb", ["list", "ls"])
def test_a_hook_is_on_a_command_by_all_its_names(hook, words, verb: str) -> None:
    hook(verb=verb)

    text = invoke(*words, "--help").stdout
    assert f"audited: job {words[1]}" in text
    assert "--ticket TICKET" in text


def test_a_hook_is_on_no_other_command(hook) -> None:
    hook()

    assert "audited" not in invoke("job", "inspect", "--help").stdout
    assert list(Registry().groups) == ["job", "plugin", "sandbox", "worker"]


def test_a_hook_that_fails_is_named_with_its_distribution(hook, api: Api) -> None:
    api.on("GET", "/jobs", page())
    hook(after="return {}['x']")

    told = invoke("job", "list", expect=1).stderr

    assert told.startswith("ampctl: a hook of amp-audit failed: KeyError: 'x'\n")


def test_a_hook_that_can_not_be_loaded_is_named(plugins: Install) -> None:
    plugins("amp-audit", "[ampctl.job.list]\na = broken_hook:Hook\n", broken_hook="1 / 0\n")

    assert "amp-audit can't be loaded: ZeroDivisionError" in invoke("job", "list", expect=2).stderr
    assert "usage" in invoke("job", "inspect", "--help").stdout


def test_without_plugins_there_are_no_hooks(hook) -> None:
    hook()

    help_text = invoke("--plugins", "ampctl-job", "job", "list", "--help").stdout
    assert "audited" not in help_text
