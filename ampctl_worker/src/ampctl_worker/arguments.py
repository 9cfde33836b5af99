"""Arguments that both worker commands take."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from ampctl.plugin import Candidate, CompletionQuery, Lister, ShowOne, UsageError, format_age
from ampctl_worker.columns import JOBS


def offer_workers(query: CompletionQuery) -> Iterator[Candidate]:
    """Offer the node ids of all workers, each with its state and the age of its last beat."""
    # Imported here: the arguments of most commands are not being typed.
    from ampctl_worker.api import Workers

    for one in Workers(query.client).list().workers:
        state = "alive" if one.is_alive(query.now) else "dead"
        age = format_age(one.heartbeat_at, one.clock or query.now)
        yield Candidate(one.node_id, f"{state}  {age}")


def add_jobs_options(parser: argparse.ArgumentParser) -> None:
    """Add which jobs to count as ``jobs``: ``active``, ``all``, or None for none of them."""
    which = {"active": ("--jobs", "active jobs"), "all": ("--all-jobs", "jobs, ended ones too,")}
    for status, (flag, noun) in which.items():
        text = f"count each worker's {noun} by status, which reads the list of jobs"
        parser.add_argument(flag, dest="jobs", action="store_const", const=status, help=text)


def choose_jobs(command: Lister | ShowOne, parsed_args: argparse.Namespace) -> str | None:
    """Return which jobs to count, as the API takes it: those asked for, or a column named them.

    Raises:
        UsageError: they were asked for where no column shows them.
    """
    if parsed_args.jobs and not command.wants(parsed_args, [JOBS]):
        raise UsageError("jobs are counted in a column, and it is not shown", hint="-f json")
    names = [*parsed_args.columns, *getattr(parsed_args, "sort_columns", ())]
    is_named = JOBS.name in map(str.lower, names)
    return parsed_args.jobs or ("active" if is_named else None)
