"""What the engine offers at the cursor."""

from __future__ import annotations

import argparse
import itertools
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ampctl.app import AmpApp
from ampctl.plugin import Candidate, Command, CompletionQuery, completes, parse_path
from ampctl.session import Session
from ampctl.shell.complete.engine import Completion, Engine
from ampctl.testing import Api, fake_runtime
from ampctl.testing.given import entry_points_of
from ampctl_job.models import ACTIVE, TERMINAL
from ampctl_job.testing import descriptor, job, page
from ampctl_sandbox.testing import Sandbox, live_sandbox, make_job


def engine_for(*, limit: int = 1000, server_limit_s: float = 20, **commands: Any) -> Engine:
    """Return an engine that has time, over the installed commands and more."""
    named = {name.replace("_", " "): command for name, command in commands.items()}
    app = AmpApp(Session(fake_runtime()), entry_points_of(named))
    return Engine(
        app.registry,
        lambda: app,
        monotonic=time.monotonic,
        limit=limit,
        server_limit_s=server_limit_s,
    )


def texts(*words: str, engine: Engine | None = None) -> list[str]:
    """Return what is offered for the last word."""
    completion = (engine or engine_for()).complete(words)
    return [candidate.text for candidate in completion.candidates]


def command_with(source: Any, **options: Any) -> type[Command]:
    """Return a command with one argument whose values a source offers."""

    class Wait(Command):
        """Wait for something."""

        def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
            parser = super().get_parser(prog_name)
            completes(parser.add_argument("what", **options), source)
            return parser

        def take_action(self, parsed_args: argparse.Namespace) -> None:
            raise NotImplementedError

    return Wait


def test_groups_and_core_commands_have_their_summaries() -> None:
    offered = engine_for().complete([""]).candidates

    assert ("job", "Show and control extraction jobs") in offered
    assert (
        "help",
        "Show what ampctl can do, a group's verbs, or the help of one command",
    ) in offered


def test_verbs_have_their_summaries_and_no_other_names() -> None:
    offered = dict(engine_for().complete(["job", ""]).candidates)

    assert offered["list"] == "List jobs, newest first"
    assert "ls" not in offered


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["j"], ["job"]),
        (["jobs"], ["jobs"]),
        (["job", "l"], ["list"]),
        (["job", "ls"], ["ls"]),
        (["jobs", "rem"], ["remove"]),
        (["job", "nothing"], []),
        (["nothing", ""], []),
        (["help", "job", "l"], ["list"]),
        (["help", "job", "list", ""], []),
        (["--color", "never", "j"], ["job"]),
        (["--color=never", "-v", "help", "job", "l"], ["list"]),
        (["help", "--search", "job", "l"], ["list"]),
        (["watch", "j"], ["job"]),
        (["watch", "5", "job", "l"], ["list"]),
        (["watch", "job", "ls"], ["ls"]),
        (["watch", "job", "r"], []),
        (["watch", "h"], []),
        (["watch", "5"], []),
        (["watch", "plug"], []),
        (["job", "--h"], ["--help"]),
        ([], []),
    ],
    ids=" ".join,
)
def test_words_of_commands(words: list[str], offered: list[str]) -> None:
    assert texts(*words) == offered


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["--ad"], ["--admin-url"]),
        (["--color", ""], ["auto", "always", "never"]),
        (["--color=n"], ["--color=never"]),
        (["job", "list", "--col"], ["--column"]),
        (["job", "list", "--colo"], ["--color"]),
        (["job", "list", "--or"], []),
        (["run", "--or"], []),
        (["help", "--s"], ["--search"]),
        (["watch", "--h"], ["--help"]),
        (["watch", "1m", "job", "list", "-f", "j"], ["json", "jsonl"]),
        (["watch", "job", "list", "--status=ru"], ["--status=running"]),
        (["job", "list", "-s"], ["-s"]),
        (["job", "list", "--limit", "5", "--l"], ["--log-file"]),
        (["job", "list", "-l5", "--l"], ["--log-file"]),
        (["job", "list", "-c", "id", "--col"], ["--column"]),
        (["job", "list", "--sort-ascending", "--sort-d"], []),
        (["job", "list", "--", "--l"], []),
        (["job", "list", "-f", "j"], ["json", "jsonl"]),
        (["job", "list", "-fj"], ["-fjson", "-fjsonl"]),
        (["job", "list", "--format=t"], ["--format=table"]),
        (["job", "list", "-vf", "t"], ["table"]),
        (["job", "prune", "-c", "status", "-c", ""], ["removed"]),
        (["job", "list", "--sort-column", "w"], ["worker"]),
        (["job", "list", "--status=ru"], ["--status=running"]),
        (["job", "list", "-s", "scheduled,ru"], ["scheduled,running"]),
        (["job", "list", "-s", "error,fatal,e"], []),
        (["job", "prune", "-s", ""], ["terminal", "completed", "stopped", "error"]),
        (["plugin", "show", "ampctl-j"], ["ampctl-job"]),
        (["job", "list", "-l", ""], []),
    ],
    ids=" ".join,
)
def test_options_and_their_values(words: list[str], offered: list[str]) -> None:
    assert texts(*words) == offered


def test_after_watch_all_that_only_reads_is_offered_with_its_summary() -> None:
    offered = engine_for().complete(["watch", "job", ""]).candidates

    assert [text for text, _ in offered] == ["events", "inspect", "list", "progress"]
    assert offered[2].hint == "List jobs, newest first"


@pytest.mark.parametrize("words", [["run", ""], ["run", "--keep-going", "a", ""]], ids=" ".join)
def test_files_are_offered_for_scripts(words: list[str]) -> None:
    assert engine_for().complete(words).files


def test_options_have_their_help_as_a_hint() -> None:
    offered = dict(engine_for().complete(["job", "list", "--"]).candidates)

    assert offered["--all"] == "all of them, whatever their number"
    assert "--admin-url" not in offered


@pytest.mark.parametrize(
    "words",
    [
        ["--log-file", ""],
        ["--ca-file=x"],
        ["run", ""],
        ["run", "a", ""],
        ["plugin", "new", "x", "--folder", ""],
        ["job", "list", "--log-file", "x"],
    ],
    ids=" ".join,
)
def test_files_are_offered_where_they_are_meant(words: list[str]) -> None:
    assert engine_for().complete(words) == Completion(files=True)
    assert not engine_for().complete(["job", "list", ""]).files


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with live_sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def jobs(sandbox: Sandbox) -> dict[str, str]:
    """The id of a job in each state."""
    return {status: str(make_job(sandbox.store, status=status)) for status in (*ACTIVE, *TERMINAL)}


@pytest.mark.parametrize(
    ("verb", "statuses"),
    [
        ("stop", ACTIVE),
        ("rm", TERMINAL),
        ("inspect", (*ACTIVE, *TERMINAL)),
        ("get", (*ACTIVE, *TERMINAL)),
        ("progress", (*ACTIVE, *TERMINAL)),
        ("events", (*ACTIVE, *TERMINAL)),
    ],
)
def test_ids_are_those_that_the_verb_is_for(
    sandbox: Sandbox, jobs: dict[str, str], verb: str, statuses: Iterable[str]
) -> None:
    offered = texts("--admin-url", sandbox.url, "job", verb, "")

    assert set(offered) == {jobs[status] for status in statuses}


def test_ids_come_with_status_dataset_and_age(sandbox: Sandbox, jobs: dict[str, str]) -> None:
    offered = dict(
        engine_for().complete(["job", "stop", "--admin-url", sandbox.url, ""]).candidates
    )

    status, dataset, age = offered[jobs["RUNNING"]].split("  ")
    assert status == "RUNNING"
    assert "/" in dataset
    assert age


def test_ids_on_the_line_are_not_offered_again(sandbox: Sandbox, jobs: dict[str, str]) -> None:
    offered = texts("job", "stop", jobs["RUNNING"], f"--admin-url={sandbox.url}", "")

    assert set(offered) == {jobs[status] for status in set(ACTIVE) - {"RUNNING"}}


def test_what_a_server_names_is_shown_as_text(api: Api) -> None:
    api.on("GET", "/jobs", page(job(7, descriptor=descriptor(dataset_name="a\x1b[2Jb\nc$(id)"))))

    ((text, hint),) = engine_for().complete(["job", "inspect", ""]).candidates

    assert text == "7"
    assert "a\\x1b[2Jb\\nc$(id)" in hint
    assert hint.isprintable()


def test_as_many_are_asked_for_as_are_of_use(api: Api) -> None:
    api.on("GET", "/jobs", page(*(job(number) for number in range(100, 0, -1))))

    assert len(texts("job", "inspect", "", engine=engine_for(limit=100))) == 100
    assert api.requests == ["GET /jobs?limit=100&status=all"]


def test_a_server_that_fails_is_asked_once(api: Api) -> None:
    api.error("GET", "/jobs", 503, "UNAVAILABLE")

    assert texts("job", "inspect", "") == []
    assert len(api.requests) == 1


def test_completions_share_one_connection_while_the_server_stays(api: Api) -> None:
    engine = engine_for()

    client = engine.connect({})
    assert engine.connect({}) is client
    assert engine.connect({"retries": 1}) is not client
    engine.close()


def test_a_server_that_hangs_is_left_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"

        # It has no other way to end: no one ever answers.
        offered = texts(
            "--admin-url", url, "job", "inspect", "", engine=engine_for(server_limit_s=0.2)
        )

    assert offered == []


def test_datasets_and_workers_of_the_newest_jobs_are_offered_once_each(api: Api) -> None:
    jobs = (job(9), job(8, node_id="worker-2"), job(7, descriptor=None))
    api.on("GET", "/jobs?limit=1000&status=all", page(*jobs))

    assert texts("job", "list", "--dataset", "") == ["eth_mainnet/blocks@0123abc"]
    assert texts("job", "list", "--worker", "") == ["worker-1", "worker-2"]
    assert texts("job", "list", "--kind", "") == ["raw", "derived"]


def _raise(query: CompletionQuery) -> Iterable[Candidate]:
    raise RuntimeError("broken")


def _exit(query: CompletionQuery) -> Iterable[Candidate]:
    sys.exit("gone")


def _interrupt(query: CompletionQuery) -> Iterable[Candidate]:
    raise KeyboardInterrupt


def _return_nonsense(query: CompletionQuery) -> Any:
    return [5, None]


def _read(query: CompletionQuery) -> Iterable[Candidate]:
    return [Candidate(input("really? "))]


@pytest.mark.parametrize("source", [_raise, _exit, _interrupt, _return_nonsense, _read])
def test_a_source_that_fails_offers_nothing(source: Any) -> None:
    engine = engine_for(node_wait=command_with(source))

    assert engine.complete(["node", "wait", ""]) == Completion()


def test_a_source_that_hangs_is_left_alone() -> None:
    released = threading.Event()

    def hang(query: CompletionQuery) -> Iterable[Candidate]:
        released.wait()
        print("at last")
        return []

    app = AmpApp(Session(fake_runtime()), entry_points_of({"node wait": command_with(hang)}))
    moments = itertools.count(0, 0.5)
    engine = Engine(app.registry, lambda: app, monotonic=lambda: next(moments))

    assert engine.complete(["node", "wait", ""]) == Completion()
    released.set()


def test_streams_come_back_when_the_last_source_that_was_left_alone_has_ended() -> None:
    released = threading.Event()

    def hang(query: CompletionQuery) -> Iterable[Candidate]:
        released.wait()
        return [Candidate("value")]

    before, moments = sys.stdout, itertools.count(0, 0.5)
    app = AmpApp(Session(fake_runtime()), entry_points_of({"node wait": command_with(hang)}))
    engine = Engine(app.registry, lambda: app, monotonic=lambda: next(moments))
    for _ in range(3):
        assert engine.complete(["node", "wait", ""]) == Completion()

    # One layer for all of them: many would be as deep as Python can go.
    assert vars(sys.stdout)["stream"] is before
    released.set()
    while sys.stdout is not before:
        engine.complete(["node", ""])


def test_nothing_is_offered_when_the_answer_matters_no_more() -> None:
    released, polls = threading.Event(), itertools.count()

    def hang(query: CompletionQuery) -> Iterable[Candidate]:
        released.wait()
        return []

    def is_wanted() -> bool:
        return next(polls) < 2

    app = AmpApp(Session(fake_runtime()), entry_points_of({"node wait": command_with(hang)}))
    engine = Engine(app.registry, lambda: app, monotonic=lambda: 0.0)

    # Its clock stands still, so it has no other way to end.
    assert engine.complete(["node", "wait", ""], is_wanted) == Completion()
    released.set()


def test_a_source_that_asks_a_server_has_less_time() -> None:
    asked, released = threading.Event(), threading.Event()
    polls = itertools.count()

    def ask(query: CompletionQuery) -> Iterable[Candidate]:
        assert query.client
        asked.set()
        # As where a name is looked up, which has no time limit.
        released.wait()
        return []

    def tell_s() -> float:
        assert next(polls) < 2000, "it waits as long as for a source that asks no one"
        return 1.0 if asked.is_set() else 0.0

    app = AmpApp(Session(fake_runtime()), entry_points_of({"node wait": command_with(ask)}))
    engine = Engine(app.registry, lambda: app, monotonic=tell_s)

    assert engine.complete(["node", "wait", ""]) == Completion()
    released.set()


def test_what_a_source_prints_is_not_seen(capfd: pytest.CaptureFixture[str]) -> None:
    def speak(query: CompletionQuery) -> Iterable[Candidate]:
        print("to you")
        print("and you", file=sys.stderr)
        return [Candidate("value")]

    before = sys.stdout
    assert texts("node", "wait", "", engine=engine_for(node_wait=command_with(speak))) == ["value"]
    assert capfd.readouterr() == ("", "")
    assert sys.stdout is before


def test_a_source_knows_what_was_typed() -> None:
    queries = []

    def note(query: CompletionQuery) -> Iterable[Candidate]:
        queries.append((query.prefix, query.words, query.limit))
        return [Candidate("abc"), Candidate("xyz"), Candidate("a\tb"), Candidate("ab", "x\ny")]

    engine = engine_for(limit=9, node_wait=command_with(note, nargs="+"))

    offered = engine.complete(["--color", "never", "node", "wait", "abc", "a"]).candidates
    assert offered == (Candidate("ab", "x\\ny"),)
    assert queries == [("a", ["abc"], 9)]


def test_a_part_of_a_word_is_not_followed_by_a_space() -> None:
    engine = engine_for(node_wait=command_with(lambda query: [Candidate("namespace/")]))

    assert not engine.complete(["node", "wait", ""]).space


def test_a_path_and_a_parser_of_paths_say_file() -> None:
    class Read(Command):
        """Read a file."""

        def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
            parser = super().get_parser(prog_name)
            parser.add_argument("one", type=Path)
            parser.add_argument("two", type=parse_path)
            parser.add_argument("three", type=str)
            return parser

        def take_action(self, parsed_args: argparse.Namespace) -> None:
            raise NotImplementedError

    engine = engine_for(node_read=Read)

    assert [engine.complete(["node", "read", *"xyz"[:n], ""]).files for n in range(4)] == [
        True,
        True,
        False,
        False,
    ]
