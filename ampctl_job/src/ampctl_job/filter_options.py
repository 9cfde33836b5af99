"""The options that narrow a selection of jobs beyond what the API's own filter can."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ampctl.plugin import (
    Candidate,
    CompletionQuery,
    UsageError,
    completes,
    offer,
    parse_duration,
)
from ampctl_job.models import SHORT_KINDS, Job

if TYPE_CHECKING:
    from ampctl_job.filtering import Dataset, JobFilter

_DATASET = r"([^/@\s]+)/([^/@\s]+)(?:@([0-9a-fA-F]{1,64}))?"
_KINDS = {short: kind for kind, short in SHORT_KINDS.items()}


def add_filters(parser: argparse._ActionsContainer) -> None:
    """Add the options of a :class:`JobFilter`."""
    dataset = parser.add_argument(
        "--dataset",
        type=parse_dataset,
        metavar="NS/NAME[@HASH]",
        help="only jobs of this dataset; the first digits of the hash are enough",
    )
    completes(dataset, offer_datasets)
    worker = parser.add_argument(
        "--worker", type=parse_name, metavar="NAME", help="only jobs of this worker node"
    )
    completes(worker, offer_workers)
    kind = parser.add_argument(
        "--kind", type=parse_kind, metavar="KIND", help="only raw or derived jobs"
    )
    completes(kind, offer(tuple(_KINDS)))
    ages = (
        ("--since", "only jobs whose status changed in the last AGE, such as 2h"),
        ("--older", "only jobs whose status has not changed for AGE, such as 7d"),
    )
    for flag, text in ages:
        parser.add_argument(flag, type=parse_duration, metavar="AGE", help=text)


def read_filter(parsed_args: argparse.Namespace) -> JobFilter | None:
    """Return the filter that the options of :func:`add_filters` make; None if none was given.

    Raises:
        UsageError: no job can be as they say.
    """
    since_s, older_s = parsed_args.since, parsed_args.older
    if since_s and older_s and older_s >= since_s:
        raise UsageError(
            "no job changed both in the last --since and before the last --older",
            hint="a --since that is longer than --older",
        )
    given = (parsed_args.dataset, parsed_args.worker, parsed_args.kind, since_s, older_s)
    if not any(given):
        return None
    # Imported here, as below: most lists are not filtered.
    from ampctl_job.filtering import JobFilter

    return JobFilter(*given)


def parse_dataset(text: str) -> Dataset:
    """Read a dataset as it is written in lists: ``namespace/name``, or with ``@`` and a hash."""
    match = re.fullmatch(_DATASET, text)
    if match is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a dataset such as eth_mainnet/blocks or eth_mainnet/blocks@0123abc"
        )
    from ampctl_job.filtering import Dataset

    namespace, name, hash_start = match.groups()
    return Dataset(namespace, name, (hash_start or "").lower())


def parse_kind(text: str) -> str:
    """Read a kind of job: ``raw``, ``derived``, or the API's own word for it, also a newer one."""
    return _KINDS.get(text.lower(), parse_name(text))


def parse_name(text: str) -> str:
    """Read a name, which must not be empty: a script's unset variable is not a filter."""
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty name is not a filter")
    return text


def offer_datasets(query: CompletionQuery) -> Iterator[Candidate]:
    """Yield the datasets of the newest jobs, whatever their status."""
    named = (job.dataset for job in _list_newest(query))
    yield from map(Candidate, dict.fromkeys(filter(None, named)))


def offer_workers(query: CompletionQuery) -> Iterator[Candidate]:
    """Yield the worker nodes of the newest jobs, whatever their status."""
    yield from map(Candidate, dict.fromkeys(job.node_id for job in _list_newest(query)))


def _list_newest(query: CompletionQuery) -> Sequence[Job]:
    # Imported here: the arguments of most commands are not being typed.
    from ampctl_job.api import PAGE_LIMIT, Jobs

    return Jobs(query.client).list(status="all", limit=min(query.limit, PAGE_LIMIT)).jobs
