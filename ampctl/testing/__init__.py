"""What tests of commands need: the real program on streams of its own, and an API to talk to.

::

    def test_list(amp_api):
        amp_api.on("GET", "/workers", {"workers": [{"node_id": "worker-1"}]})

        result = invoke("worker", "list", "-f", "csv")

        assert result.stdout == "node_id\\nworker-1\\n"

Where this package is installed pytest knows the fixtures ``amp_api`` (an :class:`Api`) and
``amp_sandbox`` (a live Admin API, with ampctl-sandbox installed). ``pip install ampctl[testing]``
brings what they need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ampctl.testing.api import Api as Api
    from ampctl.testing.api import stubbed_api as stubbed_api
    from ampctl.testing.builders import error_body as error_body
    from ampctl.testing.builders import timestamp as timestamp
    from ampctl.testing.conformance import Conformance as Conformance
    from ampctl.testing.fakes import NOW as NOW
    from ampctl.testing.fakes import FakeClock as FakeClock
    from ampctl.testing.fakes import fake_runtime as fake_runtime
    from ampctl.testing.runner import Result as Result
    from ampctl.testing.runner import invoke as invoke
    from ampctl.testing.runner import offered as offered
    from ampctl.testing.runner import parse as parse
else:
    from ampctl.lazy import export_lazily

    # pytest loads the fixtures of this package in every project that has it installed, so nothing
    # of ours may be imported before a test asks for it.
    __all__, __getattr__, __dir__ = export_lazily(
        globals(),
        {
            "ampctl.testing.api": ("Api", "stubbed_api"),
            "ampctl.testing.builders": ("error_body", "timestamp"),
            "ampctl.testing.conformance": ("Conformance",),
            "ampctl.testing.fakes": ("NOW", "FakeClock", "fake_runtime"),
            "ampctl.testing.runner": ("Result", "invoke", "offered", "parse"),
        },
    )
