"""Resource clients: responses are read with a schema, and are about what was asked for."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import fields, post_load

from ampctl.client import AdminClient, InvalidAnswer
from ampctl.plugin import DocumentSchema, Resource
from ampctl.testing import Api


class Thing:
    """A model."""

    def __init__(self, name: str) -> None:
        self.name = name


class ThingSchema(DocumentSchema):
    name = fields.String(required=True)


class ModelSchema(ThingSchema):
    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Thing:
        return Thing(**data)


@pytest.mark.parametrize("schema", [ThingSchema(), ModelSchema()], ids=["members", "attributes"])
def test_an_answer_about_something_else_is_refused(amp_api: Api, schema: DocumentSchema) -> None:
    amp_api.on("GET", "/things/a", {"name": "b"})

    with AdminClient() as client:
        things = Resource(client)
        things.read(schema, "things", "a", action="read thing a", expect={"name": "b"})
        with pytest.raises(InvalidAnswer, match="about name b, and not about a"):
            things.read(schema, "things", "a", action="read thing a", expect={"name": "a"})


def test_the_response_to_a_change_is_read_like_any_other(amp_api: Api) -> None:
    amp_api.on("POST", "/things", {"name": "a"}, {"name": 7}, status=201)

    with AdminClient() as client:
        things = Resource(client)
        action = "create thing a"
        made = client.post("things", json={"name": "a"}, action=action)
        wrong = client.post("things", json={"name": "a"}, action=action)

        assert things.load(ThingSchema(), made, action=action) == {"name": "a"}
        with pytest.raises(InvalidAnswer, match="at name: Not a valid string") as caught:
            things.load(ThingSchema(), wrong, action=action)
    assert caught.value.request == "POST http://localhost:1610/things"
