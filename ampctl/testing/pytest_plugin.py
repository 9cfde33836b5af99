"""The fixtures that pytest knows wherever ampctl is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ampctl.testing.api import Api

# pytest finds out by itself what belongs to a plugin, but not for an editable installation: the
# promises that a command breaks would be failures without a word.
pytest.register_assert_rewrite("ampctl.testing.conformance")


@pytest.fixture
def amp_api() -> Iterator[Api]:
    """Stand in for the Admin API; unexpected requests and unused answers fail by name."""
    from ampctl.testing.api import stubbed_api

    with stubbed_api() as api:
        yield api


@pytest.fixture
def amp_sandbox() -> Iterator[Any]:
    """A live Admin API without jobs: an ``ampctl_sandbox.testing.Sandbox``.

    What the test invokes speaks to it, unless it names another API.
    """
    from ampctl.testing.fakes import aimed_at

    sandbox = pytest.importorskip("ampctl_sandbox.testing", reason="needs ampctl-sandbox")
    with sandbox.live_sandbox() as running, aimed_at(running.url):
        yield running
