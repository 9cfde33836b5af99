"""Several attempts at one request, whose outcome is judged by all of them."""

from __future__ import annotations

import http
from collections.abc import Callable

from ampctl.client._call import Call
from ampctl.client._response import Response
from ampctl.client._retry import RetryableError, RetryPolicy
from ampctl.errors import ApiError, NotFoundError, UnavailableError


def repeat(
    call: Call, send: Callable[[Call], Response], retry: RetryPolicy, *, replayable: bool
) -> Response:
    """Make as many attempts as it takes, and judge the last one by those before it.

    Args:
        call: the request.
        send: makes one attempt.
        retry: decides about another one.
        replayable: the request may be carried out twice.

    Raises:
        ApiError: no attempt succeeded. Where an earlier one may have made the change, this is
            its error, and not that of a later one that surely made none.
    """
    # The latest attempt that the server may have carried out, although it did not say so.
    unsure: RetryableError | None = None

    def attempt() -> Response:
        nonlocal unsure
        try:
            return send(call)
        except RetryableError as failure:
            unsure = unsure if failure.is_unprocessed else failure
            raise
        except NotFoundError:
            # What is not there any more was removed, by whichever attempt.
            if unsure and call.method == "DELETE":
                return Response(None, http.HTTPStatus.NOT_FOUND, call.request)
            raise

    try:
        return retry.run(attempt, replayable=replayable)
    except UnavailableError as error:
        if unsure and call.is_change and not error.message.endswith(call.doubt):
            raise _advise(unsure.error, call, replayable) from error
        raise _advise(error, call, replayable) from error.__cause__


def _advise(error: ApiError, call: Call, replayable: bool) -> ApiError:
    """Let the error of a change that may have been made not advise to ask for it twice."""
    if call.is_change and not replayable and error.message.endswith(call.doubt):
        error.hint = "look whether it was done before you ask for it again"
    return error
