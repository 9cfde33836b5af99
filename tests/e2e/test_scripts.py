"""Scripts as processes: one connection for all, and signals."""

from __future__ import annotations

import http.server
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

AMPCTL = (sys.executable, "-m", "ampctl")
PAGE = json.dumps({"jobs": []}).encode()


class Server(http.server.ThreadingHTTPServer):
    """Answers every request with an empty page, and counts connections."""

    connections = 0

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_fifty_commands_take_one_connection(server: Server) -> None:
    url = f"http://127.0.0.1:{server.server_address[1]}"

    done = subprocess.run(
        [*AMPCTL, "--admin-url", url],
        input="job list --json\n" * 50,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("jobs") == 50
    assert server.connections == 1


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
def test_a_signal_ends_the_script_and_not_its_line_alone(number: signal.Signals, code: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with subprocess.Popen(
            [*AMPCTL, "--admin-url", url, "run", "--keep-going"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None
            process.stdin.write("job list\n--version\n")
            process.stdin.close()
            process.stdin = None
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                process.send_signal(number)
                stdout, _ = process.communicate(timeout=30)

    assert process.returncode in (code, -number)
    assert "ampctl" not in stdout
