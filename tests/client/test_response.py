"""Objects of a response tell that the server left out a member."""

import json

import pytest

from ampctl.client import Response
from ampctl.errors import ExitCode, InvalidAnswer


def response(document):
    return Response(document, 200, "GET http://localhost:1610/workers")


@pytest.mark.parametrize(
    ("document", "fact"),
    [
        ({}, "at workers: Missing data"),
        ([], "at its top level: Not an object"),
        (None, "at its top level: Not an object"),
        ({"workers": None}, "at workers: Not a list"),
        ({"workers": {"node_id": "a"}}, "at workers: Not a list"),
        ({"workers": [{}, "a"]}, r"at workers\[1\]: Not an object"),
    ],
)
def test_a_list_that_is_not_there_is_an_answer_that_cannot_be_understood(document, fact):
    with pytest.raises(InvalidAnswer, match=f"unexpected shape {fact}") as caught:
        response(document).read_list("workers")

    assert caught.value.exit_code == ExitCode.INVALID_ANSWER
    assert caught.value.request == "GET http://localhost:1610/workers"


def test_a_member_that_is_not_there_is_named_with_its_path():
    _, second = response({"workers": [{"node_id": "a"}, {}]}).read_list("workers")

    with pytest.raises(InvalidAnswer, match=r"at workers\[1\].node_id: Missing"):
        second["node_id"]
    with pytest.raises(InvalidAnswer, match="at node_id: Missing"):
        response({}).read_object()["node_id"]


def test_objects_are_dictionaries_in_all_else():
    document = {"workers": [{"node_id": "a", "info": {}}]}
    found = response(document).read_list("workers")

    assert found == document["workers"]
    assert json.dumps(found) == json.dumps(document["workers"])
    assert found[0].get("zone", "eu") == "eu"
    assert "zone" not in found[0]
    assert response(document).read_object() == document
