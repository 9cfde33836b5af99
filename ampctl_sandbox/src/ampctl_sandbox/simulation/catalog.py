"""The datasets, workers and failures that the sandbox makes its jobs from."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

RAW = "materialize-raw"
DERIVED = "materialize-derived"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dataset:
    """A dataset, its tables, and how its chain grows."""

    namespace: str
    name: str
    kind: str
    network: str
    tables: Sequence[str]
    block_s: float = 12.0

    def make_descriptor(self, version: int, end_block: str | None) -> dict[str, Any]:
        """Return the descriptor of a job for one version of the dataset."""
        text = f"{self.namespace}/{self.name}/{version}"
        descriptor: dict[str, Any] = {
            "kind": self.kind,
            "dataset_namespace": self.namespace,
            "dataset_name": self.name,
            "manifest_hash": hashlib.sha256(text.encode()).hexdigest(),
            "end_block": end_block,
        }
        if self.kind == RAW:
            descriptor |= {"max_writers": 1 + version % 4, "verify": version % 5 == 0}
        return descriptor


DATASETS: Sequence[Dataset] = (
    Dataset(
        namespace="eth_mainnet", name="blocks", kind=RAW, network="mainnet", tables=("blocks",)
    ),
    Dataset(
        namespace="eth_mainnet",
        name="core",
        kind=RAW,
        network="mainnet",
        tables=("blocks", "transactions", "logs"),
    ),
    Dataset(
        namespace="base_mainnet",
        name="core",
        kind=RAW,
        network="base",
        tables=("blocks", "transactions", "logs"),
        block_s=2.0,
    ),
    Dataset(
        namespace="arbitrum_one",
        name="blocks",
        kind=RAW,
        network="arbitrum-one",
        tables=("blocks",),
        block_s=0.25,
    ),
    Dataset(
        namespace="uniswap",
        name="swaps_v3",
        kind=DERIVED,
        network="mainnet",
        tables=("pools", "swaps"),
    ),
    Dataset(
        namespace="aave", name="positions", kind=DERIVED, network="mainnet", tables=("positions",)
    ),
    Dataset(
        namespace="ens",
        name="registrations",
        kind=DERIVED,
        network="mainnet",
        tables=("names", "renewals"),
    ),
)

_BY_NAME = {(dataset.namespace, dataset.name): dataset for dataset in DATASETS}

WORKERS: Mapping[str, Mapping[str, Any]] = {
    name: {
        "version": "0.1.0",
        "commit_sha": hashlib.sha256(name.encode()).hexdigest()[:40],
        "commit_timestamp": "2026-02-11T16:20:03+00:00",
        "build_date": "2026-02-12T08:00:00+00:00",
    }
    for name in ("worker-eu-1", "worker-eu-2", "worker-us-1", "worker-us-2")
}

FAILURES: Sequence[dict[str, Any]] = (
    {
        "error_code": "PROVIDER_TIMEOUT",
        "error_message": "the provider did not answer within 30s",
        "error_context": {"provider": "rpc-eth-2", "attempts": 5},
    },
    {
        "error_code": "BLOCK_STREAM_ERROR",
        "error_message": "the block stream ended unexpectedly",
        "error_context": {
            "block": 18_250_114,
            "stack_trace": ["block stream closed", "connection reset by peer"],
        },
    },
    {
        "error_code": "OBJECT_STORE_ERROR",
        "error_message": "writing a Parquet file failed: the bucket answered 503",
        "error_context": {"bucket": "amp-data", "table": "logs"},
    },
)

PROVIDER_FAILURE = FAILURES[0]

FATAL_FAILURES: Sequence[dict[str, Any]] = (
    {
        "error_code": "SCHEMA_MISMATCH",
        "error_message": "column 'value' is Utf8, but the table has Decimal128(38, 0)",
        "error_context": {"table": "swaps", "column": "value"},
    },
    {"error_code": "MANIFEST_INVALID", "error_message": "the manifest names an unknown function"},
)


def find_dataset(descriptor: Mapping[str, Any]) -> Dataset:
    """Return the dataset that a descriptor names, made up if it is not one of :data:`DATASETS`."""
    namespace = str(descriptor.get("dataset_namespace", "unknown"))
    name = str(descriptor.get("dataset_name", "unknown"))
    return _BY_NAME.get((namespace, name)) or Dataset(
        namespace=namespace,
        name=name,
        kind=str(descriptor.get("kind", RAW)),
        network="mainnet",
        tables=("blocks",),
    )


def find_head_block(dataset: Dataset, now: datetime.datetime) -> int:
    """Return the newest block of the dataset's chain."""
    return int((now.timestamp() - 1_438_000_000) / dataset.block_s)


def find_target_block(
    descriptor: Mapping[str, Any], dataset: Dataset, now: datetime.datetime
) -> int | None:
    """Return the last block that a job has to sync; None if it is continuous."""
    end_block = descriptor.get("end_block")
    if end_block is None:
        return None
    if end_block == "latest":
        return find_head_block(dataset, now)
    number = int(end_block)
    return number if number >= 0 else find_head_block(dataset, now) + number
