"""What tests of commands need: the real program on streams of its own, and an API to talk to.

::

    def test_list(amp_api):
        amp_api.on("GET", "/workers", {"workers": [{"node_id": "worker-1"}]})

        result = invoke("worker", "list", "-f", "csv")

        assert result.stdout == "node_id\\r\\nworker-1\\r\\n"

Where this package is installed pytest knows the fixtures ``amp_api`` (an :class:`Api`) and
``amp_sandbox`` (a live Admin API, with ampctl-sandbox installed). ``pip install ampctl[testing]``
brings what they need.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ampctl.testing.api import Api, stubbed_api
    from ampctl.testing.builders import error_body, timestamp
    from ampctl.testing.conformance import Conformance
    from ampctl.testing.fakes import NOW, FakeClock, fake_runtime
    from ampctl.testing.runner import Result, invoke, parse

__all__ = [
    "NOW",
    "Api",
    "Conformance",
    "FakeClock",
    "Result",
    "error_body",
    "fake_runtime",
    "invoke",
    "parse",
    "stubbed_api",
    "timestamp",
]

_HOME_OF = {
    "Api": "api",
    "stubbed_api": "api",
    "Conformance": "conformance",
    "error_body": "builders",
    "timestamp": "builders",
    "NOW": "fakes",
    "FakeClock": "fakes",
    "fake_runtime": "fakes",
}


def __getattr__(name: str) -> Any:
    # pytest loads the fixtures of this package in every project that has it installed, so nothing
    # of ours may be imported before a test asks for it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = importlib.import_module(f"ampctl.testing.{_HOME_OF.get(name, 'runner')}")
    return getattr(home, name)


def __dir__() -> list[str]:
    return __all__
