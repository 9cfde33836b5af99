"""The tests that plugins inherit fail for a plugin that breaks a promise."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from ampctl.plugin import Answer, Column, Lister
from ampctl.testing import Api, Conformance, invoke


class Trusting(Lister):
    """List workers of a server that never errs."""

    columns = (Column[Any]("node_id", lambda worker, now: worker["node_id"]),)

    def take_action(self, parsed_args: Any) -> Answer[Any]:
        return Answer(self.client.get("workers", action="list workers").document["workers"])


class Kit(Conformance):
    words = ("worker", "list")


@pytest.mark.parametrize("document", [{}, [], None], ids=str)
def test_a_plugin_that_takes_any_answer_for_granted_is_found(
    api: Api, monkeypatch: pytest.MonkeyPatch, document: Any
) -> None:
    run = functools.partial(invoke, commands={"worker list": Trusting})
    monkeypatch.setattr("ampctl.testing.conformance.invoke", run)

    with pytest.raises(AssertionError, match="this is a bug"):
        Kit().test_an_answer_of_another_shape_is_not_a_bug(api, document)
