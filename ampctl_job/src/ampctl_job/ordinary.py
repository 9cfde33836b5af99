"""What an ordinary page of jobs looks like, and how jobs are read from it without a schema.

The schemas decide what a page must be; this says what it nearly always is. A job that differs
is read by its schema, and a page that can't be accepted is refused by the page's schema.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ampctl.plugin import (
    Batch,
    Shape,
    Unusual,
    absent_or,
    choose,
    format_timestamp,
    optional,
    read_booleans,
    read_ids,
    read_integers,
    read_lists,
    read_texts,
    read_timestamps,
)
from ampctl_job.models import Descriptor, Job, JobPage, name_dataset

_KINDS = ("materialize-raw", "materialize-derived")
_TEXTS = ("kind", "dataset_namespace", "dataset_name", "manifest_hash", "end_block")

_OF_KNOWN_KIND = Shape(
    kind=read_texts,
    dataset_namespace=read_texts,
    dataset_name=read_texts,
    manifest_hash=read_texts,
    end_block=optional(read_texts),
    max_writers=absent_or(read_integers),
    verify=absent_or(read_booleans),
)
# What a newer kind has to do may be described in any way, so that nothing of it is odd.
_OF_NEWER_KIND = Shape(
    kind=read_texts,
    dataset_namespace=optional(read_texts),
    dataset_name=optional(read_texts),
    manifest_hash=optional(read_texts),
    end_block=optional(read_texts),
)


def _has_known_kind(descriptor: Any) -> bool:
    return type(descriptor) is dict and descriptor.get("kind") in _KINDS


JOB = Shape(
    id=read_ids,
    created_at=read_timestamps,
    updated_at=read_timestamps,
    node_id=read_texts,
    status=read_texts,
    descriptor=optional(choose(_has_known_kind, _OF_KNOWN_KIND, _OF_NEWER_KIND)),
)
PAGE = Shape(jobs=read_lists, next_cursor=optional(read_ids))


def read_page(document: Any, load_job: Callable[[Any], Job]) -> JobPage | None:
    """Return a page whose jobs are read by column; None if the page is not an ordinary one.

    Args:
        document: decoded JSON.
        load_job: reads a single job that is not as usual, with its schema.
    """
    try:
        page = PAGE.read([document])
    except Unusual:
        return None
    jobs = _read_jobs(page["jobs"][0], load_job)
    return JobPage(jobs=jobs, next_cursor=page["next_cursor"][0], document=document)


def _read_jobs(documents: Sequence[Any], load_job: Callable[[Any], Job]) -> Batch:
    try:
        return Batch(documents, JOB.read(documents), _make_job, {})
    except Unusual:
        unusual = {at: load_job(documents[at]) for at in JOB.find_unusual(documents)}
    usual = [document for at, document in enumerate(documents) if at not in unusual]
    columns = {name: list(column) for name, column in JOB.read(usual).items()}
    for at, job in unusual.items():
        for name, value in _flatten(job).items():
            columns[name].insert(at, value)
    return Batch(documents, columns, _make_job, unusual)


def read_column(jobs: Sequence[Job], name: str) -> Sequence[Any]:
    """Return one attribute of all jobs of a page as its columns have it.

    A moment is text, and a descriptor the tuple of its texts, or None.
    """
    return jobs.columns[name] if isinstance(jobs, Batch) else [_flatten(job)[name] for job in jobs]


def take_documents(jobs: Sequence[Job]) -> Sequence[Mapping[str, Any]]:
    """Return the documents of the jobs of a page."""
    return jobs.documents if isinstance(jobs, Batch) else [job.document for job in jobs]


def find_odd(jobs: Sequence[Job]) -> list[Job]:
    """Return the jobs of a page that are not as documented."""
    unusual = jobs.unusual.values() if isinstance(jobs, Batch) else jobs
    return [job for job in unusual if job.oddities]


def name_datasets(jobs: Batch) -> list[str | None]:
    """Return the dataset of each job, as people write it."""
    return [row and name_dataset(row[1], row[2], row[3]) for row in jobs.columns["descriptor"]]


def name_kinds(jobs: Batch) -> list[str | None]:
    """Return the kind of each job."""
    return [row and row[0] for row in jobs.columns["descriptor"]]


def _make_job(values: Mapping[str, Any], document: Mapping[str, Any]) -> Job:
    row = values["descriptor"]
    return Job(
        id=values["id"],
        created_at=datetime.datetime.fromisoformat(values["created_at"]),
        updated_at=datetime.datetime.fromisoformat(values["updated_at"]),
        node_id=values["node_id"],
        status=values["status"],
        descriptor=row
        and Descriptor(**dict(zip(_TEXTS, row, strict=False)), document=document["descriptor"]),
        document=document,
    )


def _flatten(job: Job) -> dict[str, Any]:
    """Return the values of the shape's members, as they are read of an ordinary job."""
    descriptor = job.descriptor
    return {
        "id": job.id,
        "created_at": format_timestamp(job.created_at),
        "updated_at": format_timestamp(job.updated_at),
        "node_id": job.node_id,
        "status": job.status,
        "descriptor": descriptor and tuple(getattr(descriptor, name) for name in _TEXTS),
    }
