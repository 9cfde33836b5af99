"""What is said to people."""

from __future__ import annotations

import io

import pytest

from ampctl.console.console import Console
from ampctl.errors import AmpError, NotFoundError
from ampctl.testing import fake_runtime


def said(console: Console) -> str:
    stderr = console._runtime.stderr
    assert isinstance(stderr, io.StringIO)
    return stderr.getvalue()


def test_an_error_says_what_failed_what_is_known_and_what_to_do() -> None:
    console = Console(fake_runtime())

    console.report(NotFoundError("no job 7", status=404, error_code="JOB_NOT_FOUND", hint="ls"))

    assert said(console) == "ampctl: no job 7\n        JOB_NOT_FOUND, HTTP 404\n        Try: ls\n"


def test_secrets_and_control_characters_never_reach_the_person() -> None:
    console = Console(fake_runtime())
    console.hide("s3cret")

    console.warn("token s3cret \x1b]0;owned\x07")
    console.show_traceback("Error: s3cret\x1b[2J")

    assert (
        said(console)
        == "ampctl: token [redacted] \\x1b]0;owned\\x07\n        Error: [redacted]\\x1b[2J\n"
    )


def test_text_of_others_cannot_pass_for_a_message_of_ours() -> None:
    console = Console(fake_runtime(is_terminal=True))
    forged = "x\nampctl: done\r\u2028ampctl: done\u202e"

    console.say(forged)
    console.remark(forged)
    console.warn(forged)
    console.report(NotFoundError(forged, error_code=forged, hint=forged))
    console.show_traceback(forged)

    lines = said(console).splitlines()
    assert sum("ampctl: done" in line for line in lines) == 8
    assert not [line for line in lines if line.startswith("ampctl: done")]


def test_a_secret_is_taken_out_before_a_message_is_cut() -> None:
    console = Console(fake_runtime())
    console.hide("s3cret-token")

    console.report(AmpError("x" * 795 + " s3cret-token" + "y" * 100))

    assert "s3" not in said(console)
    assert len(said(console)) < 820


def test_quiet_leaves_only_warnings() -> None:
    console = Console(fake_runtime(is_terminal=True))
    console.verbosity = -1

    console.say("all is well")
    console.remark("try this")
    console.warn("it burns")

    assert said(console) == "ampctl: it burns\n"


def test_remarks_are_for_terminals() -> None:
    piped, terminal = Console(fake_runtime()), Console(fake_runtime(is_terminal=True))

    piped.remark("more with --all")
    terminal.remark("more with --all")

    assert said(piped) == ""
    assert said(terminal) == "more with --all\n"


@pytest.mark.parametrize(
    ("answer", "agreed"),
    [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False)],
)
def test_only_yes_is_a_yes(answer: str, agreed: bool) -> None:
    console = Console(fake_runtime(stdin=answer, is_terminal=True))

    assert console.confirm("Sure?") is agreed
    assert said(console).startswith("Sure? [y/N] ")


def test_color_is_for_terminals_unless_asked_for() -> None:
    plain, colored = Console(fake_runtime()), Console(fake_runtime())
    colored.color = "always"

    plain.report(NotFoundError("x"))
    colored.report(NotFoundError("x"))

    assert said(plain) == "ampctl: x\n"
    assert said(colored) == "\x1b[31mampctl:\x1b[0m x\n"


def test_a_stderr_that_cannot_be_written_is_no_failure() -> None:
    class Full(io.StringIO):
        def write(self, text: str, /) -> int:
            raise OSError("no space left on device")

    runtime = fake_runtime()
    object.__setattr__(runtime, "stderr", Full())

    Console(runtime).warn("x")
