"""The plugin that the README shows works, and does not take the server's faults for its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ampctl.plugin import Command
from ampctl.testing import Api, invoke

README = Path(__file__).resolve().parents[1] / "README.md"


def read_plugin() -> dict[str, type[Command]]:
    """Run the README's block of code that has a command, and return that."""
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (source,) = (block for block in blocks if "(Lister)" in block)
    names: dict[str, Any] = {}
    exec(source, names)
    return {"worker list": names["ListWorkers"]}


def test_the_plugin_of_the_readme_works(api: Api) -> None:
    worker = {"node_id": "worker-1", "heartbeat_at": "2026-03-01T11:59:58+00:00"}
    api.on("GET", "/workers", {"workers": [worker]})

    result = invoke("worker", "list", "-f", "csv", commands=read_plugin())

    assert read_plugin()["worker list"].examples  # a plugin without any fails its check
    assert result.stdout.splitlines()[1] == "worker-1,2026-03-01T11:59:58+00:00"


@pytest.mark.parametrize(
    "document",
    [{}, [], "text", {"workers": None}, {"workers": ["a"]}, {"workers": [{"node_id": "worker-1"}]}],
    ids=str,
)
def test_a_malformed_answer_is_not_its_bug(api: Api, document: Any) -> None:
    api.on("GET", "/workers", document)

    result = invoke("worker", "list", commands=read_plugin(), expect=7)

    assert "the answer has an unexpected shape at" in result.stderr
