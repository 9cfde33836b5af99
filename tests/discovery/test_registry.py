"""The commands there are."""

from __future__ import annotations

import pytest

from ampctl.discovery import registry
from ampctl.discovery.installed import find_installed
from ampctl.discovery.registry import Registry
from ampctl.errors import PluginError, UsageError
from ampctl.testing import invoke


def test_aliases_belong_to_the_verb_that_their_module_is_named_after() -> None:
    verbs = {verb.name: verb.aliases for verb in Registry().groups["job"].verbs}

    assert verbs == {
        "events": (),
        "inspect": ("get",),
        "list": ("ls",),
        "progress": (),
        "prune": (),
        "rm": ("remove",),
        "stop": (),
        "top": (),
        "wait": (),
    }


def test_listing_imports_nothing(plugins) -> None:
    plugins(
        "amp-boom",
        "[ampctl.groups]\nboom = boom_group:group\n[ampctl.boom]\nnow = boom_now:Now\n",
        boom_group="group = CommandGroup(summary='Explode', api='1')\nraise SystemExit(3)",
        boom_now='class Now:\n    """Explode now."""\nraise SystemExit(3)\n',
    )

    assert "boom     Explode\n" in invoke("--help").stdout
    assert "now  Explode now\n" in invoke("boom").stdout


@pytest.mark.parametrize(
    "source",
    [
        "raise SystemExit(0)",
        "assert False",
        "import no_such_module",
        "class :",
        "raise BaseException",
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_named_and_harms_nothing_else(
    plugins, source: str
) -> None:
    plugins(
        "amp-broken",
        "[ampctl.groups]\nbroken = broken_plugin:group\n[ampctl.broken]\nrun = broken_plugin:Run\n",
        broken_plugin=source,
    )

    result = invoke("broken", "run", expect=2)

    assert "amp-broken can't be loaded" in result.stderr
    assert "Traceback" not in result.stderr
    assert "broken" in invoke("--help").stdout


def test_two_plugins_with_one_command_are_both_named_and_neither_runs(plugins) -> None:
    for name in ("amp-one", "amp-two"):
        module = name.replace("-", "_")
        plugins(name, f"[ampctl.job]\nfly = {module}:Fly\n", **{module: "raise SystemExit(0)"})

    with pytest.raises(PluginError, match="offered twice, by amp-one and amp-two"):
        Registry().find_command(["job", "fly"])


def test_a_command_of_the_core_cannot_be_replaced(plugins) -> None:
    plugins("amp-evil", "[ampctl.groups]\nhelp = evil:group\n", evil="raise SystemExit(3)")

    assert "help" not in Registry().groups
    assert "command groups:" in invoke("help").stdout


def test_a_plugin_for_another_contract_is_refused_with_both_versions(plugins) -> None:
    plugins(
        "amp-new",
        "[ampctl.groups]\nnew = new_plugin:group\n[ampctl.new]\nrun = new_plugin:Run\n",
        new_plugin="group = CommandGroup(summary='x', api='2')\nclass Run: pass\n",
    )

    with pytest.raises(PluginError, match=r"version 2 .* version 1"):
        Registry().find_command(["new", "run"])


def test_an_option_that_is_taken_is_told_to_the_plugin(plugins) -> None:
    plugins(
        "amp-clash",
        "[ampctl.groups]\nclash = clash_plugin:group\n[ampctl.clash]\nrun = clash_plugin:Run\n",
        clash_plugin=(
            "from ampctl.plugin import Lister\n"
            "class Run(Lister):\n"
            "    def get_parser(self, prog_name):\n"
            "        parser = super().get_parser(prog_name)\n"
            "        parser.add_argument('--debug')\n"
            "        return parser\n"
            "    def take_action(self, parsed_args):\n"
            "        return (), ()\n"
        ),
    )

    assert "uses a reserved option" in invoke("clash", "run", expect=2).stderr


def test_without_the_job_plugin_the_core_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        registry, "find_installed", lambda _: [e for e in find_installed() if "job" not in e.name]
    )

    assert "pip install ampctl-job" in invoke("--help").stdout
    assert "pip install ampctl-job" in invoke("job", "list", expect=2).stderr


def test_words_that_are_no_command_are_refused() -> None:
    with pytest.raises(UsageError, match="'nope' is not a command"):
        Registry().find_command(["nope"])


def test_a_group_can_be_called_by_its_aliases(plugins) -> None:
    plugins(
        "amp-fish",
        "[ampctl.groups]\nfish = fish_plugin:group\n[ampctl.fish]\nswim = fish_plugin:Swim\n",
        fish_plugin=(
            "from ampctl.plugin import Command, CommandGroup\n"
            "group = CommandGroup(summary='Swim', api='1', aliases=('fishes', 'shoal', '-bad'))\n"
            "class Swim(Command):\n"
            "    def take_action(self, parsed_args): pass\n"
        ),
    )

    assert "Also: fishes, shoal.\n" in invoke("shoal").stdout
    assert Registry().find_command(["fishes", "swim", "-x"])[::2] == ("fish swim", ["-x"])
    assert "'fish hop' is not a command" in invoke("shoal", "hop", expect=2).stderr


def test_an_alias_that_two_groups_claim_is_told_and_a_name_is_stronger(plugins) -> None:
    for name in ("one", "two"):
        declared = "group = CommandGroup(summary='x', api='1', aliases=('both', 'job'))\n"
        plugins(
            f"amp-{name}",
            f"[ampctl.groups]\n{name} = {name}_plugin:group\n",
            **{f"{name}_plugin": declared},
        )

    with pytest.raises(PluginError, match="'both' is an alias of 'one' and 'two'"):
        Registry().find_group("both")
    assert Registry().find_group("job").name == "job"


def test_a_foreign_declaration_of_a_group_neither_wins_nor_stops_its_commands(plugins) -> None:
    plugins(
        "amp-evil",
        "[ampctl.groups]\njob = evil_plugin:group\n",
        evil_plugin="group = CommandGroup(summary='EVIL', api='9')\n",
    )

    assert "job      (declared by amp-evil and ampctl-job)\n" in invoke("--help").stdout
    assert Registry().find_command(["job", "list"]).owner == "ampctl-job"


def test_a_command_for_another_version_is_refused_in_a_group_of_others(plugins) -> None:
    plugins(
        "amp-new",
        "[ampctl.groups]\njob = new_plugin:group\n[ampctl.job]\nfly = new_plugin:Fly\n",
        new_plugin="group = CommandGroup(summary='x', api='2')\n",
    )

    with pytest.raises(PluginError, match=r"amp-new was written for version 2 .* version 1"):
        Registry().find_command(["job", "fly"])


@pytest.mark.parametrize("name", ["a b", "\x1b[31mred", "-x", "UPPER", "", "é"])
def test_a_name_that_cannot_be_typed_is_not_offered(plugins, name: str) -> None:
    plugins("amp-odd", f"[ampctl.job]\n{name} = odd:Odd\n[ampctl.groups]\n{name} = odd:group\n")

    assert {"groups": list(Registry().groups), "verbs": len(Registry().groups["job"].verbs)} == {
        "groups": ["job", "plugin", "sandbox", "worker"],
        "verbs": 9,
    }


def test_a_group_cannot_have_the_name_of_an_entry_point_group(plugins) -> None:
    plugins("amp-odd", "[ampctl.groups]\nformatter = odd:group\ngroups = odd:group\n")

    assert list(Registry().groups) == ["job", "plugin", "sandbox", "worker"]


def swimmer(name: str) -> str:
    return f'class {name}:\n    """{name}."""\n'


def test_the_distribution_that_declares_a_group_owns_its_verbs(plugins) -> None:
    plugins("amp-evil", "[ampctl.job]\nlist = evil_plugin:Evil\n", evil_plugin="1 / 0\n")

    assert Registry().find_command(["job", "list"]).owner == "ampctl-job"
    (row,) = [line for line in invoke("job").stdout.splitlines() if "amp-evil" in line]
    assert row == "  list  (amp-evil: ampctl-job declares the group, and has one of that name)"


def test_help_tells_which_verbs_can_not_be_used_and_why(plugins) -> None:
    for name in ("one", "two"):
        points = f"[ampctl.job]\nfly = {name}_plugin:Fly\nhop-{name} = {name}_plugin:Hop\n"
        plugins(f"amp-{name}", points, **{f"{name}_plugin": swimmer("Fly") + swimmer("Hop")})
    plugins("amp-odd", "[ampctl.job]\n\x1bNo Word = odd_plugin:Run\n", odd_plugin="")

    text = invoke("job", "--help").stdout

    assert "fly" not in [verb.name for verb in Registry().groups["job"].verbs]
    assert "\n  hop-one       Hop\n  hop-two       Hop\n" in text
    assert text.partition("can't be used:\n")[2].partition("\n\n")[0].splitlines() == [
        "  \\x1bNo Word  (amp-odd: not one word for module:Class)",
        "  fly          (amp-one: offered by amp-one and amp-two)",
        "  fly          (amp-two: offered by amp-one and amp-two)",
    ]


def test_help_tells_of_commands_for_another_contract(plugins) -> None:
    plugins(
        "amp-new",
        "[ampctl.groups]\nnew = new_plugin:group\n[ampctl.new]\nrun = new_plugin:Run\n",
        new_plugin="group = CommandGroup(summary='x', api='2')\n" + swimmer("Run"),
    )

    assert (
        "  run  (amp-new: written for version 2 of the plugin contract)\n" in invoke("new").stdout
    )


def test_a_group_that_nobody_declares_is_named_with_the_line_to_write(plugins) -> None:
    plugins("amp-fish", "[ampctl.fish]\nswim = fish_plugin.swim:Swim\n", fish_plugin="1 / 0\n")

    told = invoke("fish", "swim", expect=2).stderr
    assert told == (
        "ampctl: no distribution declares the group 'fish', for which amp-fish has commands\n"
        "        Try: in its entry points under [ampctl.groups]: fish = fish_plugin:group\n"
    )
    assert invoke("fish", "--help", expect=2).stderr == told


def test_a_deprecated_command_runs_and_is_not_listed(plugins) -> None:
    source = (
        swimmer("Fly") + "    deprecated = True\n" + swimmer("Hop") + "    deprecated = False\n"
    )
    plugins("amp-old", "[ampctl.job]\nfly = old_job:Fly\nhop = old_job:Hop\n", old_job=source)

    assert Registry().find_command(["job", "fly"]).owner == "amp-old"
    text = invoke("job").stdout
    assert ("\n  hop " in text, "\n  fly " in text) == (True, False)
