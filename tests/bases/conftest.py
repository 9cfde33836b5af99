"""What the tests of the bases share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ampctl.discovery import registry
from ampctl.plugin import Command


@pytest.fixture
def thing(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[Command]], None]:
    """Make a class the command ``thing do``."""

    def use(command: type[Command]) -> None:
        module, name = "thing_plugin", command.__name__
        point = registry.EntryPoint("do", f"{module}:{name}", "ampctl.thing")
        group = registry.EntryPoint("thing", f"{module}:group", "ampctl.groups")
        monkeypatch.setattr(registry, "installed", lambda _: [point, group])
        load = registry.load
        monkeypatch.setattr(registry, "load", lambda e: command if e == point else load(e))

    return use
