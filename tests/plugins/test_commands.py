"""The commands of the group ``plugin``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ampctl.commands.plugin.probe import probe
from ampctl.discovery.entry_points import EntryPoint
from ampctl.testing import invoke

from .conftest import Environment

SOUND = '''
from ampctl.plugin import CommandGroup, Formatter, Lister
group = CommandGroup(summary="Do things", api="1")
class Run(Lister):
    """Run."""
    examples = ("ampctl thing run",)
    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument("--mute", help="say nothing")
        return parser
    def take_action(self, parsed_args):
        return ("a",), []
class Odd(Formatter):
    """Write oddly."""
    def emit_list(self, column_names, data, stdout, parsed_args): pass
    def emit_one(self, column_names, data, stdout, parsed_args): pass
'''
TAKEN = '''
class Taken(Odd):
    """Take options that ampctl has."""
    def add_argument_group(self, parser):
        parser.add_argument("--json")
        parser.add_argument("--max-width")
'''
POINTS = """
[ampctl.groups]
thing = thing_plugin:group
[ampctl.thing]
run = thing_plugin:Run
[ampctl.formatter]
odd = thing_plugin:Odd
"""


THREAD = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"

# The sandbox's own imports would take most of the time; another test checks it.
ALLOWED = {"AMPCTL_PLUGINS": "ampctl-job,amp-thing"}
Check = Callable[..., set[tuple[str, str]]]


@pytest.fixture
def installed(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """An environment of a test's own, which ampctl sees as it runs in this process."""
    monkeypatch.syspath_prepend(environment.site)
    return environment


@pytest.fixture
def check(installed: Environment) -> Check:
    """Return kind and offer of each fault that `plugin check` finds, beside what is installed."""

    def check(*names: str, expect: int = 1) -> set[tuple[str, str]]:
        words = ("plugin", "check", *names, "-f", "json")
        rows = invoke(*words, expect=expect, environ=ALLOWED).json
        return {(row["kind"], row["offer"]) for row in rows}

    return check


def test_list_shows_what_each_distribution_brings() -> None:
    rows = {row["distribution"]: row for row in invoke("plugin", "list", "-f", "json").json}

    assert rows["ampctl-job"]["groups"] == ["job"]
    assert "job ls" in rows["ampctl-job"]["commands"]
    assert rows["ampctl-sandbox"]["state"] == "ok"


def test_formats_and_hooks_of_a_distribution_are_shown(installed: Environment) -> None:
    points = (
        f"{POINTS}[ampctl.job.list]\nlook = thing_plugin:Look\n"
        "[cliff.formatter.list]\nhtml = thing_plugin:Odd\n"
        "[cliff.formatter.show]\nhtml = thing_plugin:Odd\n"
    )
    installed.add("amp-thing", points, thing_plugin=SOUND)

    rows = invoke("plugin", "list", "-f", "json", environ=ALLOWED).json
    shown = invoke("plugin", "show", "amp-thing", "-f", "json", environ=ALLOWED).json

    assert {row["distribution"]: (row["formats"], row["hooks"]) for row in rows} == {
        "amp-thing": (["odd", "html"], ["look on job list"]),
        "ampctl-job": ([], []),
    }
    assert shown["hooks"] == ["look on job list"]


def test_show_tells_of_one_distribution() -> None:
    shown = invoke("plugin", "show", "ampctl-job", "-f", "json").json

    assert (shown["state"], shown["findings"], shown["formats"]) == ("ok", [], [])


@pytest.mark.parametrize("verb", ["show", "check"])
def test_a_distribution_without_plugins_is_wrong_usage(verb: str) -> None:
    told = invoke("plugin", verb, "requests", expect=2).stderr

    assert "no distribution 'requests' brings a plugin" in told


def test_a_sound_plugin_passes_the_check_however_its_name_is_spelled(
    installed: Environment, check: Check
) -> None:
    installed.add("amp-thing", POINTS, thing_plugin=SOUND)

    assert check(expect=0) == set()
    assert check("Amp_Thing", "ampctl.job", expect=0) == set()


@pytest.mark.measured
@pytest.mark.parametrize(
    ("sound", "faulty", "kind", "offer"),
    [
        ("api=", "import no_such_module, api=", "broken", "thing run"),
        ("class Run(Lister)", "class Run", "broken", "thing run"),
        ("def take_action", "def no_action", "broken", "thing run"),
        ("return parser", "raise SystemExit(0)", "broken", "thing run"),
        ("def emit_list", "def emit_1", "broken", "-f odd"),
        (
            "def emit_list",
            "def add_argument_group(self): pass\n    def emit_list",
            "broken",
            "-f odd",
        ),
        ("stdout, parsed_args): pass", 'stdout, parsed_args): print("x")', "prints", "-f odd"),
        ("= CommandGroup(", "= dict(", "broken", "thing"),
        ('api="1"', 'api="2"', "wrong api", "thing run"),
        ('"Do things"', '""', "missing help", "thing"),
        ('"Do things"', '"Do " + "things"', "missing help", "thing"),
        (', help="say nothing"', "", "missing help", "thing run"),
        ("--mute", "--debug", "reserved option", "thing run"),
        ('"--mute"', '"-f"', "reserved option", "thing run"),
        ('    """Run."""', "", "undocumented", "thing run"),
        ('"ampctl thing run",', "", "undocumented", "thing run"),
        ("ampctl thing run", "thing run", "undocumented", "thing run"),
        ('api="1"', 'api="1", aliases=("job",)', "shadowed", "thing"),
        ('api="1"', 'api="1", aliases=("help",)', "shadowed", "thing"),
        ('api="1"', 'api="1", aliases=("jobs",)', "conflict", "thing"),
        ('api="1"', 'api="1", aliases=("-x",)', "unusable", "thing"),
        ('api="1"', 'api="1", aliases="x"', "unusable", "thing"),
        ('api="1"', 'api="1", synonyms={"walk": ("go",)}', "unusable", "thing"),
        ('return ("a",)', 'print("x"); return ("a",)', "prints", "thing run"),
        ('return ("a",)', 'walk_pages(1); return ("a",)', "unused call", "thing run"),
        ("    examples", '    column_names = ("b",)\n    examples', "other columns", "thing run"),
        ("group =", f"{THREAD}\ngroup =", "thread", "thing"),
        ("group =", f"{THREAD.replace('daemon=True', '')}\ngroup =", "thread", "thing"),
    ],
)
def test_the_check_finds_a_fault_in_the_code(
    installed: Environment, check: Check, sound: str, faulty: str, kind: str, offer: str
) -> None:
    assert sound in SOUND
    installed.add("amp-thing", POINTS, thing_plugin=SOUND.replace(sound, faulty))

    assert (kind, offer) in check()


@pytest.mark.parametrize(
    ("points", "found"),
    [
        ("[ampctl.other]\nrun = thing_plugin:Run\n", {("unreachable", "other run")}),
        ("[ampctl.job]\nlist = thing_plugin:Run\n", {("shadowed", "job list")}),
        ("[ampctl.job.list]\nlook = thing_plugin:Run\n", {("broken", "look on job list")}),
        ("[cliff.formatter.list]\nhtml = thing_plugin:Run\n", {("broken", "-f html")}),
        ("taken = thing_plugin:Taken\n", {("reserved option", "-f taken")}),
        ("[ampctl.plugin]\nlist = thing_plugin:Run\n", {("shadowed", "plugin list")}),
        ("[ampctl.formatter]\ncsv = thing_plugin:Odd\n", {("shadowed", "-f csv")}),
        ("[ampctl.job]\nA B = thing_plugin:Run\n", {("unusable", "job A B")}),
        ("[ampctl.job]\nfly = thing_plugin\n", {("unusable", "job fly")}),
        ("[ampctl.job]\nfly\n", {("unusable", "job fly")}),
        ("[ampctl.job]\nfly_away = thing_plugin:Run\n", {("two words", "job fly_away")}),
        ("[ampctl.groups]\ngroups = thing_plugin:group\n", {("unusable", "groups")}),
        ("[ampctl.core]\nhelp = thing_plugin:Run\n", {("unusable", "core help")}),
    ],
)
def test_the_check_finds_a_fault_in_the_entry_points(
    installed: Environment, check: Check, points: str, found: set[tuple[str, str]]
) -> None:
    installed.add("amp-thing", POINTS + points, thing_plugin=SOUND + TAKEN)

    assert check() == found


@pytest.mark.parametrize(
    ("point", "fact"),
    [
        ("A B = thing_plugin:Run", "a name is one word"),
        ("-x = thing_plugin:Run", "the name can't be typed"),
        ("fly = thing_plugin", "'thing_plugin' is not module:Class"),
    ],
)
def test_why_an_entry_point_can_not_be_used_is_told(
    installed: Environment, point: str, fact: str
) -> None:
    installed.add("amp-thing", f"[ampctl.job]\n{point}\n", thing_plugin=SOUND)

    rows = invoke("plugin", "check", "amp-thing", "-f", "json", expect=1, environ=ALLOWED).json

    assert [row["fact"] for row in rows] == [fact]


@pytest.mark.parametrize("words", [("check", "ampctl-job"), ("check",), ("list",)], ids=" ".join)
def test_a_name_in_plugins_that_no_distribution_has_is_told(words: tuple[str, ...]) -> None:
    expected = int(words[0] == "check")

    result = invoke("--plugins", "ampctl-jop,ampctl.job", "plugin", *words, expect=expected)

    told = result.stdout if expected else result.stderr
    assert "ampctl-jop" in told
    assert "no distribution of this name brings a plugin; did you mean 'ampctl-job'?" in told


def test_a_wrong_version_is_a_state(installed: Environment) -> None:
    installed.add("amp-thing", POINTS, thing_plugin=SOUND.replace('api="1"', 'api="2"'))

    shown = invoke("plugin", "show", "amp-thing", "-f", "json", environ=ALLOWED).json

    assert shown["state"].startswith("wrong api: thing run: amp-thing was written for version 2")


def test_damaged_metadata_are_told_and_not_stumbled_over(environment: Environment) -> None:
    info = environment.add("amp-thing", POINTS, thing_plugin=SOUND)
    (info / "METADATA").unlink()

    listed = json.loads(environment.ampctl("plugin", "list", "-f", "json").stdout)

    assert [(row["version"], row["state"]) for row in listed if row["distribution"] == "?"] == [
        ("?", "ok")
    ]


@pytest.mark.long
def test_an_import_that_hangs_is_given_up(environment: Environment) -> None:
    environment.add("amp-slow", "", slow_plugin="import time; time.sleep(600)")
    hanging = EntryPoint("x", "slow_plugin:X", "ampctl.slow")
    sound = EntryPoint("y", "ampctl_job.commands.list:ListJobs", "ampctl.job")

    sys.path.append(str(environment.site))
    try:
        verdicts = probe([hanging, sound], timeout_s=5)
    finally:
        sys.path.remove(str(environment.site))

    assert verdicts == {
        ("ampctl.slow", "slow_plugin:X"): [("broken", "its import takes longer than 5 s")],
        ("ampctl.job", "ampctl_job.commands.list:ListJobs"): [],
    }


@pytest.mark.long
def test_an_import_that_others_left_no_time_for_is_tried_again(environment: Environment) -> None:
    marker = environment.home / "begun"
    # The first process to import it runs out of time, after another module had its share.
    slow = (
        "import pathlib, time\n"
        f"marker = pathlib.Path({str(marker)!r})\n"
        "if not marker.exists():\n    marker.touch()\n    time.sleep(600)\n"
        "X = 5\n"
    )
    modules = {"sound_plugin": "X = 5", "slow_plugin": slow, "late_plugin": "X = 5"}
    environment.add("amp-slow", "", **modules)

    sys.path.append(str(environment.site))
    try:
        verdicts = probe([EntryPoint("x", f"{n}:X", "ampctl.slow") for n in modules], timeout_s=5)
    finally:
        sys.path.remove(str(environment.site))

    assert [faults[0][1] for faults in verdicts.values()] == [
        "5 is not an ampctl.plugin.Command, and none of cliff's"
    ] * 3
    assert marker.exists()


def test_nothing_is_imported_from_the_folder_that_the_person_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    stop = EntryPoint("stop", "ampctl_job.commands.stop:StopJob", "ampctl.job")

    assert list(probe([stop]).values()) == [[]]
    assert not (tmp_path / "run").exists()


def test_a_plugin_that_is_looked_at_is_not_given_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "curious.py").write_text("import os\nraise OSError(os.environ['AMP_AUTH_TOKEN'])")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("AMP_AUTH_TOKEN", "s3cret")

    (faults,) = probe([EntryPoint("run", "curious:Run", "ampctl.bad")]).values()

    assert faults == [("broken", "KeyError: 'AMP_AUTH_TOKEN'")]
