"""The command line: words, global options, help, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ampctl
from ampctl.testing import invoke
from ampctl_job.testing import job, page

DEFAULT = "/jobs?limit=50&status=active"


def test_version() -> None:
    assert invoke("--version").stdout == f"ampctl {ampctl.__version__}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"], []], ids=" ".join)
def test_the_overview_lists_groups_with_their_summaries(arguments: list[str]) -> None:
    stdout = invoke(*arguments).stdout

    assert "  job      Show and control extraction jobs\n" in stdout
    assert "--admin-url URL" in stdout


@pytest.mark.parametrize(
    "arguments", [["job"], ["job", "--help"], ["job", "-h"], ["help", "job"]], ids=" ".join
)
def test_a_group_lists_its_verbs_with_aliases_on_one_line(arguments: list[str]) -> None:
    stdout = invoke(*arguments).stdout

    for line in ("list, ls", "inspect, get", "rm, remove", "prune"):
        assert f"\n  {line} " in stdout


@pytest.mark.parametrize(
    "arguments",
    [["job", "list", "--help"], ["job", "ls", "-h"], ["help", "job", "list"]],
    ids=" ".join,
)
def test_help_of_a_command_has_options_and_examples(arguments: list[str]) -> None:
    stdout = invoke(*arguments).stdout

    assert "usage: ampctl job l" in stdout
    assert "--after ID" in stdout
    assert "examples:\n  ampctl job list\n" in stdout
    usage, _, rest = stdout.partition("\n\n")
    assert usage.split()[-4:] == ["[--older", "AGE]", "[output", "options]"]
    assert rest.index("\noptions:\n") < rest.index("\noutput:\n  -f FORMAT, --format FORMAT")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["jbo"], "'jbo' is not a command; did you mean 'job'?"),
        (["job", "lst"], "'job lst' is not a command; did you mean 'job list'"),
        (["job", "pru"], "'job pru' is not a command; did you mean 'job prune'?"),
        (["jo", "list"], "'jo' is not a command; did you mean 'job'?"),
        (["help", "job", "lst"], "did you mean 'job list'"),
        (["job", "--json"], "'job' needs a verb"),
        (["--admin-ur", "x", "job", "list"], "unrecognized arguments: --admin-ur"),
        (
            ["job", "list", "--stat", "all"],
            "unrecognized arguments: --stat; did you mean --status?",
        ),
        (["job", "list", "--limt", "5"], "unrecognized arguments: --limt; did you mean --limit?"),
        (["job", "list", "--limt=5"], "unrecognized arguments: --limt; did you mean --limit?"),
        (["--colour", "never", "job", "list"], "did you mean --color?"),
        (["job", "list", "--xyz"], "unrecognized arguments: --xyz\n"),
        (["job", "list", "--limt", "5", "--stat", "x"], "did you mean --limit and --status?"),
        (["job", "list", "-f", "jsn"], "table, value, yaml; did you mean 'json'?"),
        (["job", "list", "--quote=al"], "'al' is none of all, minimal, none, nonnumeric; did"),
        (["job", "list", "-f", "xml"], "'xml' is none of csv, json, jsonl, table, value, yaml\n"),
        (["--color", "alwys", "job", "list"], "auto, always, never; did you mean 'always'?"),
        (["-V"], "unrecognized arguments: -V; did you mean --version?"),
        (["version"], "'version' is not a command; did you mean --version?"),
        (["login"], "'login' is not a command; did you mean --auth-token?"),
        (["get", "jobs"], "'get' is not a command; did you mean 'job list'?"),
        (["get", "job", "7"], "'get' is not a command; did you mean 'job inspect'?"),
        (["delete", "jobs", "7"], "'delete' is not a command; did you mean 'job rm'?"),
        (["describe", "worker", "w"], "'describe' is not a command; did you mean 'worker inspect'"),
        (["job", "list", "-o", "json"], "unrecognized arguments: -o; did you mean --format?"),
        (["job", "list", "--output=json"], "did you mean --format?"),
        (["job", "list", "--no-headers"], "did you mean --format value?"),
        (["job", "list", "--follow"], "did you mean --watch?"),
        (["job", "events", "7", "--watch"], "did you mean --follow?"),
        (["job", "list", "-A"], "did you mean --status all?"),
        (["job", "list", "-n", "5"], "did you mean --limit?"),
        (["job", "list", "--sort-by", "id"], "did you mean --sort-column?"),
        (["job", "rm", "7", "--force"], "did you mean --yes?"),
        (["job", "inspect", "7", "--force"], "unrecognized arguments: --force\n"),
        (["job", "list", "--url", "http://x"], "did you mean --admin-url?"),
        (["job", "list", "-c", "nope"], "there is no column 'nope'"),
        (["list"], "'list' is not a command; did you mean 'job list' or 'plugin list'"),
        (["describe", "node", "w"], "did you mean 'worker inspect'?"),
        (["get", "pods"], "did you mean 'job list'?"),
        (["job", "rm", "-f", "7"], "yaml; did you mean --yes?"),
        (["job", "rm", "7", "-f", "jsn"], "yaml; did you mean 'json'?"),
        (["ps"], "'ps' is not a command; did you mean 'job list'?"),
        (["lst"], "'lst' is not a command; did you mean 'job list' or 'plugin list'"),
        (["comple"], "'comple' is not a command; did you mean 'completion'?"),
        (["job", "help"], "'job help' is not a command; did you mean 'job --help'?"),
        (["job", "delete", "7"], "'job delete' is not a command; did you mean 'job rm'?"),
        (["job", "show", "7"], "did you mean 'job inspect'?"),
        (["job", "describe", "7"], "did you mean 'job inspect'?"),
        (["jobs", "desribe", "7"], "'job desribe' is not a command; did you mean 'job inspect'?"),
        (["job", "logs", "7"], "did you mean 'job events'?"),
        (["job", "kill", "7"], "did you mean 'job stop'?"),
        (["job", "cancel", "7"], "did you mean 'job stop'?"),
        (["job", "LS"], "'job LS' is not a command; did you mean 'job list'?"),
        (["job", "list", "all"], "unrecognized arguments: all\n"),
        (["job", "list", "-"], "unrecognized arguments: -\n"),
        (["-"], "'-' is not a command"),
        (["--"], "'--' is not a command"),
        (["--", "job", "list"], "'--' is not a command"),
        (["help", "--", "-x"], "'-x' is not a command"),
        (["job", "list", "--admin-url"], "expected one argument"),
        (["job", "list", "--admin-url="], "argument --admin-url: the value is empty"),
        (["--ca-file", "", "job", "list"], "argument --ca-file: the value is empty"),
        (["job", "progress"], "the following arguments are required: ID"),
        (["--retries", "many", "job", "list"], "'many' is not a whole number"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_is_told_on_stderr_with_a_next_step(
    api: Any, arguments: list[str], told: str
) -> None:
    result = invoke(*arguments, expect=2)

    assert told in result.stderr
    assert "Try: ampctl" in result.stderr
    assert result.stdout == ""
    assert api.requests == []


def test_debugging_shows_where_each_of_several_targets_failed(api: Any) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")
    api.error("GET", "/jobs/8", 404, "JOB_NOT_FOUND")

    told = invoke("job", "get", "7", "8", "--debug", expect=3).stderr

    assert told.count("Traceback") == 2
    assert "PartialFailure" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["--admin-url", "http://localhost:1611/amp/", "job", "list"],
        ["job", "list", "--admin-url", "http://localhost:1611/amp/"],
        ["--admin-url", "http://elsewhere", "job", "list", "--admin-url=http://localhost:1611/amp"],
    ],
    ids=["before", "after", "the last one wins"],
)
def test_global_options_work_before_and_after_the_words(api: Any, arguments: list[str]) -> None:
    api.url = "http://localhost:1611/amp"
    api.on("GET", DEFAULT, page())

    invoke(*arguments)


def test_the_environment_names_the_server(api: Any) -> None:
    api.url = "http://localhost:1611"
    api.on("GET", DEFAULT, page())

    invoke("job", "list", environ={"AMP_ADMIN_URL": "http://localhost:1611"})


def test_the_token_is_sent_and_never_shown(api: Any) -> None:
    api.error("GET", DEFAULT, 401, "UNAUTHORIZED", "s3cret is wrong")

    result = invoke("-vv", "--debug", "--auth-token", "s3cret", "job", "list", expect=4)

    assert api.mocker.last_request.headers["Authorization"] == "Bearer s3cret"
    assert "s3cret" not in result.stderr
    assert "Traceback" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--auth-tokn", "s3cret", "job", "list"],
        ["--auth-tokn=s3cret", "job", "list"],
        ["job", "list", "--auth-tokn", "s3cret"],
        ["job", "list", "--auth-tokn=s3cret"],
        ["job", "inspect", "--auth-tokn", "s3cret"],
        ["job", "inspect", "7", "--auth-tokn", "s3cret", "--debug"],
        ["job", "list", "-ts3cret"],
        ["job", "list", "-f", "jsn", "--auth-tokn", "s3cret"],
        ["job", "list", "-s", "runing", "--auth-tokn=s3cret"],
        ["--auth-token", "s3cret", "job", "list", "s3cret"],
        ["--auth-token", "s3cret", "s3cret"],
        ["--auth-token", "other", "job", "list", "s3cret-token"],
    ],
    ids=" ".join,
)
def test_the_value_of_a_mistyped_option_is_not_shown(arguments: list[str]) -> None:
    told = invoke(*arguments, environ={"AMP_AUTH_TOKEN": "s3cret-token"}, expect=2).stderr

    assert "s3c" not in told
    assert "unrecognized arguments: -" in told or "[redacted]" in told


def test_two_hyphens_at_the_end_end_nothing_else(api: Any) -> None:
    api.on("GET", DEFAULT, page())

    invoke("job", "list", "--")


@pytest.mark.parametrize(
    "arguments",
    [["jbo"], ["job", "lst"], ["job", "list", "--nope"], ["--retries", "many"], ["--nope"]],
    ids=" ".join,
)
def test_errors_of_the_command_line_keep_to_color_and_log_file(
    arguments: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "log"
    log = ("--log-file", str(path))

    assert "\x1b" in invoke(*arguments, "--color", "always", expect=2).stderr
    for options, environ in ((("--color=never",), {}), ((), {"NO_COLOR": "1"})):
        line = (*log, *options, *arguments)
        told = invoke(*line, environ=environ, is_terminal=True, expect=2).stderr
        assert "\x1b" not in told

    logged = path.read_text().splitlines()
    assert len(logged) == 2
    assert " ERROR " in logged[0]


def test_a_failure_is_in_the_log_file(api: Any, tmp_path: Path) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND", "none\nampctl: done")

    invoke("job", "inspect", "7", "--log-file", str(tmp_path / "log"), expect=3)

    (line,) = [one for one in (tmp_path / "log").read_text().splitlines() if "ERROR" in one][:1]
    assert "JOB_NOT_FOUND, HTTP 404" in line
    assert r"\nampctl: done" in line


def test_a_token_goes_over_http_to_another_host_only_if_allowed(api: Any) -> None:
    api.url = "http://amp.example"
    api.on("GET", DEFAULT, page())
    environ = {"AMP_ADMIN_URL": api.url, "AMP_AUTH_TOKEN": "s3cret"}

    result = invoke("job", "list", environ=environ, expect=2)
    assert "s3cret" not in result.stderr
    assert api.requests == []

    invoke("job", "list", environ={**environ, "AMP_ALLOW_HTTP": "1"})
    invoke("job", "list", "--allow-http", environ=environ)


def test_retries_can_be_turned_off(api: Any) -> None:
    api.on("GET", DEFAULT, status=503)

    invoke("job", "list", "--retries", "0", expect=5)
    assert len(api.requests) == 1

    invoke("job", "list", expect=5)
    assert len(api.requests) == 1 + 4


def test_verbose_tells_of_retries_and_normal_does_not(api: Any) -> None:
    api.on("GET", DEFAULT, status=503)

    quiet = invoke("job", "list", expect=5).stderr
    verbose = invoke("job", "list", "-v", expect=5).stderr

    assert quiet.count("ampctl:") == 1
    assert verbose.count("ampctl:") == 4


def test_nothing_is_told_twice_when_the_program_runs_twice(api: Any) -> None:
    api.on("GET", DEFAULT, page(job()))

    first = invoke("job", "list")
    second = invoke("job", "list")

    assert first == second


def test_a_bug_is_called_a_bug(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("ampctl_job.commands.list.ListJobs.take_action", fail)

    result = invoke("job", "list", expect=1)

    assert "this is a bug in ampctl-job: ZeroDivisionError: by zero" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in invoke("job", "list", "--debug", expect=1).stderr


@pytest.mark.parametrize(
    ("arguments", "environ", "told"),
    [
        (["--no-plugins"], {}, "run it without --no-plugins"),
        ([], {"AMPCTL_NO_PLUGINS": "1"}, "run it without AMPCTL_NO_PLUGINS"),
        (["--plugins", "x"], {}, "add ampctl-job to --plugins"),
        ([], {"AMPCTL_PLUGINS": "x"}, "add ampctl-job to AMPCTL_PLUGINS"),
    ],
)
def test_it_is_told_what_left_the_job_commands_out(
    arguments: list[str], environ: dict[str, str], told: str
) -> None:
    assert f"Try: {told}\n" in invoke(*arguments, "job", "list", environ=environ, expect=2).stderr


def test_a_word_that_clears_the_screen_elsewhere_leads_to_no_removal() -> None:
    told = invoke("clear", expect=2).stderr

    assert told.startswith("ampctl: 'clear' is not a command\n        Try: Ctrl-L, ")
