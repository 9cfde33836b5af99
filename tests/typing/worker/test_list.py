"""Run with the plugin installed."""

from ampctl.testing import invoke
from ampctl_sandbox.testing import live_sandbox, make_worker


def test_list_shows_the_names_of_all_workers() -> None:
    with live_sandbox() as sandbox:
        make_worker(sandbox.store, "worker-1")
        make_worker(sandbox.store, "worker-2")

        result = invoke("worker", "list", "-f", "json", environ={"AMP_ADMIN_URL": sandbox.url})

    assert [worker["node_id"] for worker in result.json] == ["worker-1", "worker-2"]


def test_list_without_a_server_ends_with_exit_code_5() -> None:
    result = invoke("worker", "list", environ={"AMP_ADMIN_URL": "http://localhost:1"}, expect=5)

    assert "can't list workers" in result.stderr
