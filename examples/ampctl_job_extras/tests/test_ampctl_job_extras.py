"""The command and the format, against an API that the tests play."""

from __future__ import annotations

from ampctl.testing import Api, Conformance, invoke
from ampctl_job.testing import job, page

ALL = "/jobs?limit=1000&status=all"


class TestCount(Conformance):
    words = ("job", "count")

    def prepare(self, api: Api) -> None:
        api.on("GET", ALL, page(job(3, "FATAL"), job(2), job(1), next_cursor=None))


def test_jobs_are_counted_by_status_in_markdown(amp_api: Api) -> None:
    amp_api.on("GET", ALL, page(job(3, "FATAL"), job(2), job(1), next_cursor=None))

    assert invoke("job", "count", "-f", "markdown").stdout == (
        "| status | jobs |\n| --- | --- |\n| FATAL | 1 |\n| RUNNING | 2 |\n"
    )


def test_the_format_serves_commands_of_others_and_escapes_what_would_break_it(amp_api: Api) -> None:
    amp_api.on("GET", "/jobs/7", job(7, "A|B", node_id="x\x1b"))

    columns = ("-c", "status", "-c", "worker")
    shown = invoke("job", "inspect", "7", "-f", "markdown", *columns).stdout

    assert "| status | A\\|B |\n" in shown
    assert "| worker | x\\x1b |\n" in shown
