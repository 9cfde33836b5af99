"""The command manager keeps cliff's contract: cliff's own classes work with it."""

from __future__ import annotations

import io
import sys

import pytest
from cliff.app import App
from cliff.command import Command
from cliff.complete import CompleteCommand
from cliff.interactive import InteractiveApp

from ampctl.app import AmpApp
from ampctl.discovery.command_manager import CommandManager
from ampctl.discovery.registry import Registry
from ampctl.errors import PluginError
from ampctl.session import Session
from ampctl.testing import Api, fake_runtime
from ampctl_job.testing import job, page

POINTS = """
[ampctl.groups]
fish = fish_plugin:group
[ampctl.fish]
swim = fish_plugin:Swim
swim_far = fish_plugin:SwimFar
"""
SOURCE = '''
from cliff.command import Command
from ampctl.plugin import CommandGroup
group = CommandGroup(summary="Fish", api="1", aliases=("fishes",))
class Swim(Command):
    """Swim around."""
    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument("--deep", action="store_true")
        return parser
    def take_action(self, parsed_args):
        self.app.stdout.write(f"swam, deep: {parsed_args.deep}\\n")
class SwimFar(Command):
    """Swim far."""
    def take_action(self, parsed_args):
        self.app.stdout.write("swam far\\n")
'''


class Input(io.StringIO):
    """Typed lines; to go on reading behind their end is a failure, and not an endless loop."""

    reads_behind_the_end = 0

    def readline(self, size: int | None = -1, /) -> str:
        line = super().readline(size)
        self.reads_behind_the_end += not line
        if self.reads_behind_the_end > 3:
            pytest.fail("it does not end with its input")
        return line


class Fly(Command):
    """Fly."""

    def take_action(self, parsed_args: object) -> None:
        self.app.stdout.write("flew\n")


@pytest.fixture
def manager(plugins) -> CommandManager:
    """A manager of one plugin that is written for cliff."""
    plugins("amp-fish", POINTS, fish_plugin=SOURCE)
    return CommandManager(Registry({"amp-fish"}))


@pytest.fixture
def app(manager: CommandManager) -> App:
    """cliff's own application over it, printing to memory."""
    made = App("Test.", "1", manager, io.StringIO(), io.StringIO(), io.StringIO())
    made.NAME = "test"
    made.options = made.parser.parse_args([])
    return made


def test_a_command_is_known_by_its_words_and_loaded_by_its_entry_point(
    manager: CommandManager,
) -> None:
    commands = dict(manager)

    assert {"fish swim", "fish swim_far", "plugin list", "help"} <= commands.keys()
    assert commands["fish swim"].name == "fish swim"
    assert commands["fish swim"].value == "fish_plugin:Swim"
    assert commands["fish swim"].load().__name__ == "Swim"


def test_a_command_is_found_with_what_is_left_of_the_words(manager: CommandManager) -> None:
    command, name, rest = manager.find_command(["fish", "swim", "--deep", "x"])

    assert (command.__name__, name, rest) == ("Swim", "fish swim", ["--deep", "x"])
    assert manager.find_command(["fishes", "swim"])[1:] == ("fish swim", [])


@pytest.mark.parametrize(
    "argv", [[], ["nope"], ["fish"], ["fish", "sw"], ["fi", "swim"], ["fish", "-x"], ["-x"]]
)
def test_what_is_not_a_command_is_a_value_error_and_nothing_is_abbreviated(
    manager: CommandManager, argv: list[str]
) -> None:
    with pytest.raises(ValueError, match=r"is not a command|needs a verb"):
        manager.find_command(argv)


def test_a_command_that_is_added_wins_over_what_is_installed(manager: CommandManager) -> None:
    manager.add_command("fish swim", Fly)
    manager.add_command("fly", Fly)

    assert manager.find_command(["fish", "swim", "x"]) == (Fly, "fish swim", ["x"])
    assert manager.find_command(["fly"]) == (Fly, "fly", [])
    assert dict(manager)["fly"].load() is Fly


def test_an_old_name_leads_to_the_new_command(manager: CommandManager) -> None:
    manager.add_legacy_command("swim", "fish swim")

    command, name, rest = manager.find_command(["swim", "now"])

    assert (command.__name__, name, rest) == ("Swim", "swim", ["now"])


def test_commands_are_listed_by_their_entry_point_groups(manager: CommandManager) -> None:
    manager.add_command("fly", Fly)

    assert manager.get_command_groups() == ["ampctl.core", "ampctl.fish", "ampctl.plugin"]
    assert manager.get_command_names("ampctl.fish") == ["fish swim", "fish swim_far"]
    core = ["complete", "completion", "help", "run", "shell", "watch"]
    assert manager.get_command_names("ampctl.core") == core
    assert {"fly", "help", "fish swim", "plugin new"} <= set(manager.get_command_names())


def test_a_group_of_any_namespace_can_be_added_as_in_cliff(manager: CommandManager) -> None:
    manager.add_command_group("cliff.no_such_namespace")

    assert manager.get_command_groups()[-1] == "cliff.no_such_namespace"
    assert manager.get_command_names("cliff.no_such_namespace") == []


def test_underscores_are_blanks_where_that_is_asked_for(manager: CommandManager) -> None:
    converting = CommandManager(manager.registry, convert_underscores=True)

    command, name, rest = converting.find_command(["fish", "swim", "far", "x"])

    assert (command.__name__, name, rest) == ("SwimFar", "fish swim far", ["x"])
    assert converting.get_command_names("ampctl.fish") == ["fish swim", "fish swim far"]


def test_a_disputed_command_is_listed_and_fails_when_it_is_loaded(plugins) -> None:
    for name in ("one", "two"):
        points = f"[ampctl.groups]\nfish = {name}:group\n[ampctl.fish]\nswim = {name}:Swim\n"
        plugins(f"amp-{name}", points, **{name: SOURCE})

    with pytest.raises(PluginError, match="offered twice, by amp-one and amp-two"):
        dict(CommandManager(Registry({"amp-one", "amp-two"})))["fish swim"].load()


def test_nothing_is_read_before_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ampctl.discovery.registry.read_installed", lambda _: 1 / 0)

    CommandManager(Registry())


def test_cliffs_application_runs_a_command(app: App) -> None:
    assert app.run(["fish", "swim", "--deep"]) == 0
    assert app.stdout.getvalue() == "swam, deep: True\n"


def test_cliffs_application_tells_of_similar_names(app: App) -> None:
    assert app.run(["fish", "swin"]) == 2
    assert "Did you mean one of these?\n  fish swim\n" in app.stdout.getvalue()


def test_cliffs_help_lists_the_commands_and_explains_one(app: App) -> None:
    assert app.run(["help", "fish", "swim"]) == 0
    assert "usage: test fish swim [-h] [--deep]" in app.stdout.getvalue()

    with pytest.raises(SystemExit):
        app.run(["--help"])
    assert "  fish swim      Swim around" in app.stdout.getvalue()


def test_cliffs_completion_knows_words_and_options(app: App, manager: CommandManager) -> None:
    # The core's own commands need our application.
    manager.registry.groups.pop("plugin")
    for name in ("completion", "help", "run", "shell", "watch"):
        manager.add_command(name, Fly)
    manager.add_command("complete", CompleteCommand)

    assert app.run(["complete", "--shell", "none"]) == 0
    assert "  cmds_fish='swim swim_far'\n" in app.stdout.getvalue()
    assert "  cmds_fish_swim='-h --help --deep'\n" in app.stdout.getvalue()


def test_cliffs_interactive_application_runs_commands_and_ends_with_its_input(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["test"])
    stdin = Input("fish swim --deep\nfishes swim_far\nnope\nfish swim\n")

    InteractiveApp(app, app.command_manager, stdin, app.stdout).cmdloop()

    told = [line for line in app.stdout.getvalue().splitlines() if line.startswith("swam")]
    assert told == ["swam, deep: True", "swam far", "swam, deep: False"]


def test_cliffs_interactive_application_runs_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["ampctl"])
    runtime = fake_runtime()
    app = AmpApp(Session(runtime))
    app.options = app.parser.parse_args([])
    stdin = Input("plugin list -f value -c distribution\nhelp job list\n")

    InteractiveApp(app, app.command_manager, stdin, runtime.stdout).cmdloop()

    shown = runtime.stdout.getvalue()
    assert "ampctl-job\nampctl-sandbox\n" in shown
    assert "usage: ampctl job list" in shown


class Noting(InteractiveApp):
    """cliff's own class, which notes the exit code of each command; cliff drops it."""

    def default(self, line: str) -> bool | None:
        self.parent_app.codes.append(self.parent_app.run_subcommand(self._split_line(line)))
        return None


def test_cliffs_interactive_application_gets_output_reports_and_exit_codes(
    amp_api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["ampctl"])
    amp_api.on("GET", "/jobs?limit=50&status=active", page(job(7, "RUNNING")))
    amp_api.error("GET", "/jobs/9", 404, "JOB_NOT_FOUND", "there is none")
    lines = "job list -f value -c id\njob inspect 9\njob lst\njob list --limt 5\njob list --help\n"
    runtime = fake_runtime()
    app = AmpApp(Session(runtime))
    app.options, app.codes = app.parser.parse_args([]), []
    app.stdin, app.interactive_app_factory = Input(lines), Noting

    app.interact()

    assert app.codes == [0, 3, 2, 2, 0]
    assert runtime.stdout.getvalue().startswith("7\nusage: ampctl job list ")
    for told in ("there is none", "did you mean 'job list'?", "did you mean --limit?"):
        assert told in runtime.stderr.getvalue()
    assert capsys.readouterr() == ("", "")


def test_cliffs_interactive_application_can_end_with_the_first_failure(
    amp_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["ampctl"])
    amp_api.error("GET", "/jobs/9", 404, "JOB_NOT_FOUND", "there is none")
    runtime = fake_runtime()
    app = AmpApp(Session(runtime))
    app.options = app.parser.parse_args([])
    stdin = Input("plugin list -f value -c state\njob inspect 9\njob inspect 10\n")

    InteractiveApp(app, app.command_manager, stdin, runtime.stdout, errexit=True).cmdloop()

    assert "ok" in runtime.stdout.getvalue()
    assert len(amp_api.requests) == 1


class Added(Command):
    """Say its own name."""

    def take_action(self, parsed_args):
        self.app.stdout.write(f"{self.cmd_name}\n")


@pytest.mark.parametrize("words", ["fly", "job fly", "job list", "fly far away"])
def test_the_application_runs_what_was_added(words: str) -> None:
    runtime = fake_runtime()
    app = AmpApp(Session(runtime))
    app.command_manager.add_command(words, Added)

    assert app.run(words.split()) == 0
    assert runtime.stdout.getvalue() == f"{words}\n"


def test_what_was_added_does_not_replace_the_core() -> None:
    runtime = fake_runtime()
    app = AmpApp(Session(runtime))
    app.command_manager.add_command("help", Added)

    assert app.run(["help"]) == 0
    assert "command groups:" in runtime.stdout.getvalue()
