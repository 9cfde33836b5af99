"""What every command that answers with data has to keep to: tests to inherit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
import requests_mock

from ampctl.testing.api import Api
from ampctl.testing.runner import invoke

_SECRET = "s3cret-of-the-test"  # noqa: S105 - made up


class Conformance:
    """The promises of a :class:`~ampctl.plugin.Lister` or :class:`~ampctl.plugin.ShowOne`.

    They are for commands that ask the server, with columns in snake_case and with examples. Make a
    subclass for each of them, with a name that pytest finds::

        class TestListWorkers(Conformance):
            words = ("worker", "list")

            def prepare(self, api):
                api.on("GET", "/workers", {"workers": []})

    Attributes:
        words: a command line that does well, without output options.
    """

    words: ClassVar[Sequence[str]]

    def prepare(self, api: Api) -> None:
        """Give the answers that ``words`` need to do well."""
        line = " ".join(("ampctl", *self.words))
        raise NotImplementedError(
            f"{type(self).__name__} has no prepare(self, api): what does {line} ask for?"
        )

    def test_help_has_a_summary_and_examples(self) -> None:
        """``--help`` explains the command and shows whole command lines."""
        text = invoke(*self.words, "--help").stdout

        assert "usage: ampctl" in text
        assert "examples:\n  ampctl " in text

    @pytest.mark.parametrize("name", ["table", "json", "yaml", "csv", "value", "jsonl"])
    def test_standard_output_is_data_only_in_every_format(self, amp_api: Api, name: str) -> None:
        """A format writes to standard output, and nothing is said in a pipe."""
        self.prepare(amp_api)

        result = invoke(*self.words, "-f", name)

        assert result.stderr == ""
        if name == "json":
            json.loads(result.stdout)

    def test_column_names_are_stable_in_every_format(self, amp_api: Api) -> None:
        """Columns are snake_case, and the same in csv as everywhere."""
        self.prepare(amp_api)

        header = invoke(*self.words, "-f", "csv").stdout.splitlines()[0]

        assert all(name.isidentifier() and name.islower() for name in header.split(","))

    def test_json_is_one_document_on_each_line(self, amp_api: Api) -> None:
        """``--json`` can be read line by line."""
        self.prepare(amp_api)

        for line in invoke(*self.words, "--json").stdout.splitlines():
            json.loads(line)

    def test_an_unknown_option_is_wrong_usage(self) -> None:
        """Exit code 2, and nothing on standard output."""
        assert invoke(*self.words, "--no-such-option", expect=2).stdout == ""

    @pytest.mark.parametrize(("status", "code"), [(401, 4), (403, 4), (409, 6), (500, 5), (503, 5)])
    def test_a_refusal_has_its_own_exit_code(self, amp_api: Api, status: int, code: int) -> None:
        """The exit code tells what kind of failure it was."""
        amp_api.always(status, "REFUSED")

        result = invoke(*self.words, "--retries", "0", expect=code)

        assert result.stdout == ""
        assert "ampctl: " in result.stderr

    @pytest.mark.parametrize("document", [{}, [], None], ids=["an object", "a list", "null"])
    def test_an_answer_of_another_shape_is_not_a_bug(self, amp_api: Api, document: Any) -> None:
        """The server is blamed (exit code 7), and not the command, as for a ``KeyError``."""
        text = json.dumps(document)
        amp_api.mocker.register_uri(requests_mock.ANY, requests_mock.ANY, text=text)

        result = invoke(*self.words, expect=None)

        assert "this is a bug" not in result.stderr

    def test_the_token_is_never_shown(self, amp_api: Api) -> None:
        """Not in messages, tracebacks or log records, whatever the server echoes."""
        amp_api.always(401, "UNAUTHORIZED", f"{_SECRET} is wrong")
        environ = {"AMP_AUTH_TOKEN": _SECRET}

        result = invoke(*self.words, "-vv", "--debug", environ=environ, expect=4)

        assert _SECRET not in result.stdout + result.stderr
