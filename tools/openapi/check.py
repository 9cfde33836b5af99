"""Compare the sandbox with an OpenAPI document, such as a controller's own.

Run as ``python tools/openapi/check.py DOCUMENT`` (JSON or YAML). Only paths below ``/jobs`` and
``/workers`` count. First the sandbox's document is compared by name: operations, parameters, and
the members of schemas. Then each operation of a live sandbox is called, and its answers are checked
with the schemas of the document given. Each difference is a line; without one it exits with 0.
``--old`` is for a document of the last release.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import requests
import schemathesis
import yaml
from schemathesis.core.failures import Failure, FailureGroup

from ampctl_job.models import STATUSES
from ampctl_sandbox.api.openapi import make_openapi
from ampctl_sandbox.api.releases import CURRENT, LAST
from ampctl_sandbox.testing import Sandbox, blocks, live_sandbox, make_job

Document = Mapping[str, Any]
Operation = tuple[str, str]

_METHODS = ("get", "put", "post", "delete", "patch")
_NO_JOB = 2**63 - 1


def find_operations(document: Document) -> Mapping[Operation, Document]:
    """Return the operations on jobs and workers, by method and path without names in it."""
    return {
        (method.upper(), _plain(path)): item[method]
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item and re.match(r"/(jobs|workers)(/|$)", path)
    }


def _plain(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def compare_names(theirs: Document, ours: Document) -> Iterator[str]:
    """Tell what differs between two documents, each difference as a line."""
    there, here = find_operations(theirs), find_operations(ours)
    for method, path in sorted(there.keys() ^ here.keys()):
        side = "the document" if (method, path) in there else "the sandbox"
        yield f"{method} {path}: only in {side}"
    for key in sorted(there.keys() & here.keys()):
        yield from _compare_operations(" ".join(key), there[key], here[key])
    yield from _compare_schemas(_find_schemas(theirs), _find_schemas(ours))


def _compare_operations(name: str, theirs: Document, ours: Document) -> Iterator[str]:
    pair = theirs.get("operationId"), ours.get("operationId")
    if pair[0] != pair[1]:
        yield f"{name}: is {pair[0]!r} in the document and {pair[1]!r} here"
    queries = [
        {p["name"] for p in one.get("parameters", ()) if p.get("in") == "query"}
        for one in (theirs, ours)
    ]
    for parameter in sorted(queries[0] ^ queries[1]):
        side = "the document" if parameter in queries[0] else "the sandbox"
        yield f"{name}: parameter {parameter} is only in {side}"
    for status in sorted(theirs["responses"].keys() - ours["responses"].keys()):
        yield f"{name}: status {status} is only in the document"


def _find_schemas(document: Document) -> Mapping[str, Document]:
    schemas: Mapping[str, Document] = document.get("components", {}).get("schemas", {})
    return schemas


def _compare_schemas(theirs: Mapping[str, Document], ours: Mapping[str, Document]) -> Iterator[str]:
    for name in sorted(theirs.keys() & ours.keys()):
        members = [set(one[name].get("properties", ())) for one in (theirs, ours)]
        for member in sorted(members[0] ^ members[1]):
            side = "the document" if member in members[0] else "the sandbox"
            yield f"{name}.{member}: only in {side}"


def fill(sandbox: Sandbox) -> Mapping[str, int]:
    """Put a job of each status into a sandbox, and return their ids by status."""
    tables = {"blocks": blocks(2), "logs": ()}
    return {name: make_job(sandbox.store, name, tables=tables) for name in STATUSES[:-1]}


def list_calls(jobs: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    """Yield calls of all operations, each as method, path without names, and path with them."""
    for query in ("", "?status=all", "?limit=2&last_job_id=5", "?limit=0", "?limit=x"):
        yield "GET", "/jobs", f"/jobs{query}"
    for job in (*jobs.values(), _NO_JOB, "x"):
        yield "GET", "/jobs/{}", f"/jobs/{job}"
        yield "GET", "/jobs/{}/progress", f"/jobs/{job}/progress"
        yield "GET", "/jobs/{}/events", f"/jobs/{job}/events"
        yield "GET", "/jobs/{}/events/{}", f"/jobs/{job}/events/{job}"
        yield "PUT", "/jobs/{}/stop", f"/jobs/{job}/stop"
        yield "DELETE", "/jobs/{}", f"/jobs/{job}"
    for query in ("?status=terminal", "?status=x"):
        yield "DELETE", "/jobs", f"/jobs{query}"
    yield "GET", "/workers", "/workers"
    for worker in ("worker-1", "no-such-worker", "1"):
        yield "GET", "/workers/{}", f"/workers/{worker}"


def compare_answers(document: Document, sandbox: Sandbox) -> Iterator[str]:
    """Tell which answers of a sandbox are not as a document says, each as a line."""
    api = schemathesis.openapi.from_dict(dict(document))
    places = {_plain(path): path for path in document["paths"]}
    described = find_operations(document)
    for method, plain, path in list_calls(fill(sandbox)):
        answer = requests.request(method, sandbox.url + path, timeout=30)
        if (method, plain) not in described:
            continue
        said = f"{method} {path} answered {answer.status_code}"
        if not {str(answer.status_code), "default"} & described[method, plain]["responses"].keys():
            yield f"{said}: the document has no such status"
            continue
        for reason in _find_faults(api[places[plain]][method], answer):
            yield f"{said}: {reason}"


def _find_faults(operation: Any, answer: requests.Response) -> Sequence[str]:
    try:
        operation.validate_response(answer)
    except FailureGroup as group:
        faults = group.exceptions
    except Failure as failure:
        faults = (failure,)
    else:
        return ()
    return [" ".join(fault.message.partition("\n\n")[0].split()) for fault in faults]


def main(argv: Sequence[str]) -> int:
    """Print the differences and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("document", type=Path, metavar="DOCUMENT", help="JSON or YAML")
    parser.add_argument("--old", action="store_true", help="it is one of the last release")
    args = parser.parse_args(argv)
    document = yaml.safe_load(args.document.read_bytes())
    release, scenario = (LAST, "old") if args.old else (CURRENT, "steady")
    found = list(compare_names(document, make_openapi(release=release)))
    with live_sandbox(scenario=scenario) as sandbox:
        found += compare_answers(document, sandbox)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
