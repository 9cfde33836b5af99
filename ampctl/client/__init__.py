"""A client for the Admin API of Amp, usable without the command line.

::

    from ampctl.client import AdminClient

    with AdminClient("https://amp.example.org/admin", token="...") as client:
        page = client.get("jobs", params={"limit": 10}, action="list jobs").document
        for job in page["jobs"]:
            print(job["id"], job["status"])
        client.put("jobs", 12345, "stop", action="stop job 12345")

What the client promises, whatever the server does:

* Every failure is an :class:`~ampctl.errors.AmpError`; nothing of requests or urllib3 gets out, and
  no message, representation, log record or traceback shows the token.
* A request ends: connecting, each pause of the answer and the whole exchange are bounded
  (:class:`Timeouts`), and so is the size of the answer.
* The token goes to the origin of the base URL only. The process's environment, ``.netrc`` and
  cookies play no part; proxies are used only if they are passed in.
* An answer is taken only if it is complete and strict JSON.

Each retry is logged on the logger ``ampctl.client``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ampctl.client._attempt import Timeouts
    from ampctl.client._client import AdminClient
    from ampctl.client._response import Response
    from ampctl.client.secret import Secret
    from ampctl.errors import (
        AccessError,
        AmpError,
        ApiError,
        Cause,
        ConnectError,
        ConnectionLost,
        EndpointMissing,
        InvalidAnswer,
        NotFoundError,
        RefusedError,
        RequestTimeout,
        ServerError,
        UnavailableError,
        UsageError,
    )

__all__ = [
    "AccessError",
    "AdminClient",
    "AmpError",
    "ApiError",
    "Cause",
    "ConnectError",
    "ConnectionLost",
    "EndpointMissing",
    "InvalidAnswer",
    "NotFoundError",
    "RefusedError",
    "RequestTimeout",
    "Response",
    "Secret",
    "ServerError",
    "Timeouts",
    "UnavailableError",
    "UsageError",
]

_HOMES = {
    "AdminClient": "client._client",
    "Response": "client._response",
    "Secret": "client.secret",
    "Timeouts": "client._attempt",
}


def __getattr__(name: str) -> Any:
    # requests is the largest import of all, and the other modules of this package do without it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"ampctl.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
