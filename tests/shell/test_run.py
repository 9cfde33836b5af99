"""Scripts, from standard input and from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ampctl.client import AdminClient
from ampctl.testing import Api, invoke
from ampctl_job.testing import job, page


@pytest.fixture
def jobs(api: Api) -> Api:
    api.on("GET", "/jobs/7", job(7))
    return api


def test_commands_on_standard_input_are_run(jobs: Api) -> None:
    script = "# which\n\njob get 7 -f value -c id\nampctl job get 7 -f value -c status\n"

    assert invoke(stdin=script).stdout == "7\nRUNNING\n"


def test_the_first_failure_ends_a_script_with_its_code_and_line(jobs: Api) -> None:
    jobs.error("GET", "/jobs/8", 404, "JOB_NOT_FOUND")
    script = "job get 7\n# more\njob get 8\njob get 7\n"

    result = invoke(stdin=script, expect=3)

    assert jobs.requests == ["GET /jobs/7", "GET /jobs/8"]
    assert "standard input, line 3: job get failed with exit code 3" in result.stderr


@pytest.mark.parametrize("word", ["exit", "quit", "  exit  # done"])
def test_exit_ends_a_script(jobs: Api, word: str) -> None:
    assert invoke(stdin=f"job get 7 -f value -c id\n{word}\njob rm 7\n").stdout == "7\n"


def test_a_file_that_can_not_be_written_is_named(jobs: Api) -> None:
    told = invoke(stdin="job get 7 > /dev/full\n", expect=8).stderr

    assert "can't write to /dev/full: No space left" in told


def test_keep_going_ends_with_the_first_failure(jobs: Api) -> None:
    jobs.error("GET", "/jobs/8", 404, "JOB_NOT_FOUND")
    jobs.error("GET", "/jobs/9", 409, "JOB_CONFLICT")
    script = "job get 8\njob get 9\njob ; rm\njob get 7\n"

    result = invoke("run", "--keep-going", stdin=script, expect=3)

    assert jobs.requests[-1] == "GET /jobs/7"
    assert "line 3: failed with exit code 2" in result.stderr


def test_files_are_run_one_after_the_other(jobs: Api, tmp_path: Path) -> None:
    first, second = tmp_path / "first.amp", tmp_path / "second.amp"
    first.write_bytes(b"\xef\xbb\xbfjob get 7 -f value -c id\r\n")
    second.write_text("job get 7 -f value -c status")

    assert invoke("run", str(first), str(second)).stdout == "7\nRUNNING\n"
    assert invoke("run", str(first), "-", stdin="--version").stdout.startswith("7\nampctl ")


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    assert "can't read the script" in invoke("run", str(tmp_path / "no"), expect=2).stderr
    assert "can't read the script" in invoke("run", str(tmp_path), expect=2).stderr


def test_a_line_that_is_not_utf8_is_named(jobs: Api, tmp_path: Path) -> None:
    script = tmp_path / "bad.amp"
    script.write_bytes(b"job get 7 -f value -c id\njob get \xff\n")

    result = invoke("run", str(script), expect=2)

    assert result.stdout == "7\n"
    assert f"{script}, line 2: it is not UTF-8" in result.stderr


@pytest.mark.parametrize("script", ["", "\n", "# nothing\n"])
def test_nothing_on_standard_input_is_the_help(script: str) -> None:
    assert invoke(stdin=script).stdout == invoke("help").stdout


@pytest.mark.parametrize("words", [("run",), ("run", "-")])
def test_an_empty_script_that_was_asked_for_is_no_reason_for_the_help(
    words: tuple[str, ...],
) -> None:
    assert invoke(*words).stdout == ""


def test_the_help_names_all_commands_of_the_core() -> None:
    shown = " ".join(invoke("help").stdout.split())
    assert "run Run commands from files" in shown
    assert "shell Open a shell" in shown


def test_a_terminal_is_no_script() -> None:
    assert invoke(stdin_is_terminal=True).stdout == invoke("help").stdout
    assert "name a file" in invoke("run", stdin_is_terminal=True, expect=2).stderr


def test_options_of_the_start_hold_for_every_line_and_those_of_a_line_for_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    init = AdminClient.__init__

    def note(self, **options):  # type: ignore[no-untyped-def]
        made.append((options["base_url"], options["retries"]))
        init(self, **options)

    monkeypatch.setattr(AdminClient, "__init__", note)
    api.on("GET", "/jobs", page())
    script = "job list\njob list --retries 2\njob list\njob list\n"

    invoke("--admin-url", api.url, "run", "-", "--retries", "0", stdin=script)

    assert made == [(api.url, 0), (api.url, 2), (api.url, 0)]


def test_output_goes_to_files_and_programs(jobs: Api, tmp_path: Path) -> None:
    target, count = tmp_path / "a b", tmp_path / "count"
    script = (
        f"job get 7 -f value -c id > '{target}'\n"
        f"job get 7 -f value -c status >> '{target}'\n"
        f"job get 7 | wc -l > {count}\n"
    )

    assert invoke(stdin=script).stdout == ""
    assert target.read_text() == "7\nRUNNING\n"
    assert count.read_text().strip() == "1"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("job get 7 | false", 1),
        ("job get 7 | exit 5", 5),
        ("job get 7 | true", 0),
        ("job get 7 | kill -9 $$", 137),
        ("job get 8 | true", 3),
        ("job get 7 > /no/such/folder/x", 8),
        ("job get 7 > /dev/full", 8),
    ],
)
def test_a_failing_command_decides_the_code_and_else_the_program(
    api: Api, line: str, code: int
) -> None:
    api.on("GET", "/jobs/7", job(7)) if "get 7" in line and "no/such" not in line else None
    if "get 8" in line:
        api.error("GET", "/jobs/8", 404, "JOB_NOT_FOUND")

    invoke(stdin=line, expect=code)


def test_a_program_that_has_enough_ends_nothing(api: Api) -> None:
    api.on("GET", "/jobs", page(*(job(number) for number in range(900, 0, -1)), next_cursor=None))

    invoke(stdin="job list -l 1000 -f csv | head -c 1 >/dev/null\n")


def test_a_token_in_a_line_that_fails_is_not_shown() -> None:
    result = invoke(stdin="job list --auth-token s3cret-token --nope\n", expect=2)

    assert "s3cret" not in result.stderr


def test_scripts_do_not_run_each_other_for_ever(tmp_path: Path) -> None:
    script = tmp_path / "loop.amp"
    script.write_text(f"run {script}\n")

    assert "scripts that run each other" in invoke("run", str(script), expect=2).stderr


def test_each_record_is_logged_once(api: Api, tmp_path: Path) -> None:
    api.mocker.register_uri("GET", f"{api.url}/jobs/7", [{"status_code": 503}, {"json": job(7)}])
    log = tmp_path / "log"

    result = invoke("-v", "--log-file", str(log), "run", stdin="job get 7\n")

    assert result.stderr.count("attempt 2 of 4") == 1
    assert log.read_text().count("attempt 2 of 4") == 1


def test_a_shell_without_a_terminal_is_refused() -> None:
    assert "needs a terminal" in invoke("shell", expect=2).stderr


@pytest.mark.parametrize(
    ("program", "named"),
    [
        ("sh -c 'exit 5'", "sh"),
        ("cat | /bin/false --token SECRET", "cat …"),
        ("(exit 5)", "the program"),
    ],
)
def test_the_program_that_failed_is_named(jobs: Api, program: str, named: str) -> None:
    result = invoke(stdin=f"job get 7 | {program}\n", expect=None)

    assert f"standard input, line 1: {named}, behind job get, failed with exit" in result.stderr


def test_a_command_that_failed_before_its_program_is_named(api: Api) -> None:
    api.error("GET", "/jobs/8", 404, "JOB_NOT_FOUND")

    result = invoke(stdin="job get 8 | (cat; exit 5)\n", expect=3)

    assert "standard input, line 1: job get failed with exit code 3" in result.stderr
