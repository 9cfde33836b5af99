"""The options of ``ampctl sandbox up``."""

from __future__ import annotations

import argparse
import re

from ampctl_sandbox.simulation.scenarios import SCENARIOS

TOKEN_VARIABLE = "AMP_SANDBOX_TOKEN"  # noqa: S105 - a name, not a secret
DEFAULT_JOBS = 200
_MAX_JOBS = 1_000_000
_MAX_PORT = 65535


def add_address_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--host``, ``--port`` and ``--token``."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default: 127.0.0.1); any but this machine's own needs a token",
    )
    parser.add_argument(
        "--port",
        type=_parse_port,
        default=1610,
        help="port (default: 1610); 0 for any free one",
    )
    parser.add_argument(
        "--token",
        help="bearer token that every request must carry; other users of this machine can "
        f"see it here, but not in the environment (env: {TOKEN_VARIABLE})",
    )


def add_simulation_options(parser: argparse.ArgumentParser) -> None:
    """Add what is made up, and what becomes of it."""
    parser.add_argument(
        "--jobs",
        type=_parse_count,
        metavar="N",
        help=f"make up N jobs, if the database has none yet (default: {DEFAULT_JOBS}); "
        "with 0 there are none, and none arrive",
    )
    parser.add_argument(
        "--scenario",
        choices=SCENARIOS,
        default="steady",
        help="; ".join(f"{name}: {scenario.summary}" for name, scenario in SCENARIOS.items())
        + " (default: steady)",
    )
    parser.add_argument(
        "--seed",
        type=_parse_count,
        default=1,
        metavar="N",
        help="decides all that is random (default: 1); the same jobs come out for the same seed",
    )
    parser.add_argument(
        "--speed",
        type=_parse_speed,
        default=1.0,
        metavar="X",
        help="how many times faster simulated workers and retries are (default: 1)",
    )
    parser.add_argument(
        "--no-workers", action="store_true", help="leave all jobs to the real workers"
    )
    parser.add_argument(
        "--retry-failed",
        action="store_true",
        help="schedule failed jobs again also in a database that the sandbox did not create",
    )


def _parse_count(text: str) -> int:
    return _parse_number(text, _MAX_JOBS)


def _parse_port(text: str) -> int:
    return _parse_number(text, _MAX_PORT)


def _parse_number(text: str, highest: int) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) > highest:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {highest}")
    return int(text)


def _parse_speed(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) or float(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0, such as 0.5 or 20")
    return float(text)
