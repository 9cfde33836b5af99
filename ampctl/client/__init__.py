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
* After three requests without an answer the next ones are refused at once, for five seconds.
* Every request ends: connecting, each pause of the response and the complete exchange have a
  limit (:class:`Timeouts`), and so has the size of the response.
* The token goes to the origin of the base URL only. The process's environment, ``.netrc`` and
  cookies are ignored; proxies are used only if they are passed in.
* A response is accepted only if it is complete and strict JSON.

Each retry is logged on the logger ``ampctl.client``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ampctl.client._attempt import Timeouts as Timeouts
    from ampctl.client._client import AdminClient as AdminClient
    from ampctl.client._response import Response as Response
    from ampctl.client.secret import Secret as Secret
    from ampctl.errors import AccessError as AccessError
    from ampctl.errors import AmpError as AmpError
    from ampctl.errors import ApiError as ApiError
    from ampctl.errors import Cause as Cause
    from ampctl.errors import ConnectError as ConnectError
    from ampctl.errors import ConnectionLost as ConnectionLost
    from ampctl.errors import EndpointMissing as EndpointMissing
    from ampctl.errors import GivenUp as GivenUp
    from ampctl.errors import InvalidAnswer as InvalidAnswer
    from ampctl.errors import NotFoundError as NotFoundError
    from ampctl.errors import RefusedError as RefusedError
    from ampctl.errors import RequestTimeout as RequestTimeout
    from ampctl.errors import ServerError as ServerError
    from ampctl.errors import UnavailableError as UnavailableError
    from ampctl.errors import UsageError as UsageError
else:
    from ampctl.lazy import export_lazily

    # requests is the largest import of all, and the other modules of this package do without it.
    __all__, __getattr__, __dir__ = export_lazily(
        globals(),
        {
            "ampctl.client._attempt": ("Timeouts",),
            "ampctl.client._client": ("AdminClient",),
            "ampctl.client._response": ("Response",),
            "ampctl.client.secret": ("Secret",),
            "ampctl.errors": (
                "AccessError",
                "AmpError",
                "ApiError",
                "Cause",
                "ConnectError",
                "ConnectionLost",
                "EndpointMissing",
                "GivenUp",
                "InvalidAnswer",
                "NotFoundError",
                "RefusedError",
                "RequestTimeout",
                "ServerError",
                "UnavailableError",
                "UsageError",
            ),
        },
    )
