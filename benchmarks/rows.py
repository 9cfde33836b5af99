"""The table: what is measured, against what, and what it may cost at most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stage import COMMANDS_EACH, Server

BARE = "bare.py {url}"
LOOP = "loop.py {url}"

# Table and yaml need all jobs at once, and have no yardstick that does the same. These are their
# times over the loop, measured with 20,000 jobs, when every job was checked and written by itself;
# no tree has both ways, so they stand here as figures. Of that they may take this part at most.
ROW_BY_ROW = {"table": 8.8, "yaml": 27.6}
PART_OF_ROW_BY_ROW = 0.4

STOP_STEPS = "GET:/jobs/{} PUT:/jobs/{}/stop GET:/jobs/{}"
MANY = 1_000
# Why a job failed, and how far it came.
FAULT_STEPS = "GET:/jobs/{} GET:/jobs/{}/progress GET:/jobs/{}/events"
# How far it is, and where it ends.
PROGRESS_STEPS = "GET:/jobs/{}/progress GET:/jobs/{}"


class Scale(NamedTuple):
    """How much is measured.

    Attributes:
        runs: pairs of short commands.
        long_runs: pairs of exports.
        jobs: of an export.
        most_jobs: of the export whose memory is compared with that of ``jobs``.
        all_at_once: jobs of an export that has to hold all of them.
        stops, looks: targets of ``job stop`` and ``job inspect``.
    """

    runs: int
    long_runs: int
    jobs: int
    most_jobs: int
    all_at_once: int
    stops: int
    looks: int


FULL = Scale(15, 5, 200_000, 1_000_000, 20_000, 1_000, 200)
QUICK = Scale(3, 1, 10_000, 30_000, 2_000, 150, 150)


class Row(NamedTuple):
    """One comparison. ``{url}`` in a command stands for the server.

    Attributes:
        section: the heading that it stands under.
        name: what it is, to people.
        command: the arguments of ampctl; or, with ``|`` or ``.py`` in it, another program.
        yardstick: likewise; empty for a figure that is judged by itself.
        of: ``cpu``, ``wall``, ``memory``, or ``instructions``, which are ``cpu`` without valgrind.
        bound: the highest ratio, or figure where there is no yardstick; None if it is only shown.
        runs: how many pairs.
        server: the server of the command.
        yardstick_server: that of the yardstick, if it is another one.
        foreign, yardstick_foreign: foreign distributions beside the command, and the yardstick.
        lines: how many lines of ``command`` a script has that is piped into ampctl.
        prompts: whether the command is at a terminal, and is over when it shows its prompt.
    """

    section: str
    name: str
    command: str
    yardstick: str = BARE
    of: str = "cpu"
    bound: float | None = None
    runs: int = 1
    server: Server = Server()
    yardstick_server: Server | None = None
    foreign: int = 0
    yardstick_foreign: int = 0
    lines: int = 0
    prompts: bool = False


def build_rows(scale: Scale) -> Iterator[Row]:
    """Yield the rows of a measurement of this size."""
    yield from _short_commands(scale.runs)
    yield from _shell(scale.runs)
    yield from _exports(scale)
    yield from _memory(scale)
    yield from _many_targets(scale)
    yield from _growth(scale)
    yield from _others(scale.runs)


LIST = "--admin-url {url} job list -s all"
EXPORT = f"{LIST} --all"


def _short_commands(runs: int) -> Iterator[Row]:
    start, slow = "Short commands", Server(latency_s=0.05)
    for name, command, bound in (
        ("--version", "--version", 0.25),
        ("--help", "--help", 0.65),
        ("job list --json", f"{LIST} --json", 1.10),
        ("job list", LIST, 1.15),
    ):
        yield Row(start, name, command, bound=bound, runs=runs)
    for name, command in (("job list --json", f"{LIST} --json"), ("job list", LIST)):
        yield Row(
            start, f"{name}, 50 ms away", command, of="wall", bound=1.05, runs=runs, server=slow
        )


def _shell(runs: int) -> Iterator[Row]:
    section = "The shell, scripts and completion"
    # Twice what --version cost when it was answered as any other command: 630 to 478 million
    # instructions. To end is counted too, since nothing tells between the two.
    yield Row(
        *(section, "the first prompt", "--admin-url {url}"),
        **{"of": "instructions", "bound": 1.32, "runs": runs, "prompts": True},
    )
    piped = "one of 50 commands in a piped script"
    yield Row(section, piped, LIST, LIST, bound=0.10, runs=max(runs // 3, 1), lines=50)
    for foreign in (0, 20):
        beside = f", {foreign * COMMANDS_EACH} foreign commands" if foreign else ""
        for name, words, bound in (
            ("groups", "j", 0.65),
            ("verbs", "job l", 0.65),
            ("options", "job list --", None),
            ("ids of 50 jobs", "--admin-url {url} job inspect ''", None),
        ):
            command = f"__complete -- {words}"
            yield Row(
                *(section, f"TAB: {name}{beside}", command),
                **{"bound": bound, "runs": runs, "foreign": foreign},
            )


def _exports(scale: Scale) -> Iterator[Row]:
    section, server = f"Exports of {scale.jobs:,} jobs", Server(scale.jobs)
    odd = Server(scale.jobs, unusual=True)
    for name, bound in (("csv", 1.10), ("jsonl", 1.10), ("value", 1.10), ("json", 1.40)):
        form = "--json" if name == "json" else f"-f {name}"
        command = f"{EXPORT} {form}"
        yield Row(section, form, command, LOOP, "wall", bound, scale.long_runs, server)
        yield Row(
            *(section, f"{form}, a third of the jobs unusual", command, command, "wall", 1.5),
            *(scale.long_runs, odd, server),
        )
    held = Server(scale.all_at_once)
    for name, before in ROW_BY_ROW.items():
        shown = f"-f {name}, {scale.all_at_once:,} jobs"
        command, bound = f"{EXPORT} -f {name}", PART_OF_ROW_BY_ROW * before
        yield Row(section, shown, command, LOOP, "wall", bound, scale.long_runs, held)


def _memory(scale: Scale) -> Iterator[Row]:
    section = "Memory of exports"
    for form in ("-f csv", "-f jsonl", "-f value", "--json"):
        command = f"{EXPORT} {form}"
        for jobs in (scale.jobs, scale.most_jobs):
            yield Row(section, f"{form}, {jobs:,} jobs", command, "", "memory", 45, 1, Server(jobs))
        yield Row(
            *(section, f"{form}, {scale.most_jobs:,} over {scale.jobs:,} jobs", command, command),
            *("memory", 1.05, 1, Server(scale.most_jobs), Server(scale.jobs)),
        )


def _many_targets(scale: Scale) -> Iterator[Row]:
    section = "Many targets, 20 ms away"
    for words, count, steps, status in (
        ("job stop", scale.stops, STOP_STEPS, "RUNNING"),
        ("job inspect -f json", scale.looks, FAULT_STEPS, "FATAL"),
        ("job progress -f json", scale.looks, PROGRESS_STEPS, "RUNNING"),
    ):
        # Eight at a time take an eighth. With fewer targets the start of ampctl counts for more.
        bound = 1 / 7 if count >= MANY else 1 / 6
        ids = " ".join(map(str, range(1, count + 1)))
        yield Row(
            section,
            f"{words} of {count:,} jobs, over one by one",
            f"--admin-url {{url}} {words} {ids}",
            f"in_turn.py {{url}} {count} {steps}",
            *("wall", bound, 1, Server(latency_s=0.02, status=status)),
        )


def _growth(scale: Scale) -> Iterator[Row]:
    section = "Growth"
    for name, command, bound in (("job list", LIST, 1.05), ("--help", "--help", 1.08)):
        for count in (10, 100):
            yield Row(
                section,
                f"{name} with {count} foreign distributions, over none",
                *(command, command, "instructions"),
                bound=bound if count == 100 else None,
                runs=scale.runs,
                foreign=count,
            )
    for jobs in (1_000, 10_000, 50_000):
        if jobs < scale.jobs:
            name = f"csv of {jobs:,} jobs, over the loop"
            export = f"{EXPORT} -f csv"
            yield Row(section, name, export, LOOP, "wall", None, scale.long_runs, Server(jobs))
    for columns in (1, 3):
        chosen = "".join(f" -c {name}" for name in ("id", "status", "dataset")[:columns])
        export, server = f"{EXPORT} -f csv", Server(scale.jobs)
        name = f"csv of {columns} of 7 columns, over all"
        yield Row(section, name, export + chosen, export, "wall", None, scale.long_runs, server)


def _others(runs: int) -> Iterator[Row]:
    section, query = "What else would do", "'{url}/jobs?limit=50&status=all'"
    jq = r"""'.jobs[] | [.id, .status, .descriptor.kind, .node_id, .created_at] | @tsv'"""
    for name, command in (
        ("curl | jq", f"curl -sf {query} | jq -r {jq}"),
        ("a program of cliff alone", "cliff_program.py {url} job list"),
    ):
        yield Row(section, name, command, runs=runs)
