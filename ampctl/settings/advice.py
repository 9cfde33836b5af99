"""Next steps for a person at the command line, in terms of its options and variables.

An error of the client has a cause, or names an argument; the settings have the origins of both.
"""

from __future__ import annotations

from collections.abc import Mapping

from ampctl.client.hints import ARGUMENT_HINTS, HINTS
from ampctl.errors import AmpError, ApiError, Cause, NotFoundError, RefusedError, UsageError
from ampctl.settings.options import SETTINGS
from ampctl.settings.setting import DEFAULT, Setting

_LOCAL_SERVER = "; `ampctl sandbox up` starts a local one"
_CHECK_URL = "check the URL in {admin_url}"
_API_URL = "check that the URL in {admin_url} is that of an Admin API"

# A setting in braces is replaced by the option or the variable that its value came from.
_FOR_CAUSES = {
    Cause.HOST_NOT_FOUND: _CHECK_URL,
    Cause.REFUSED: "check that the server is running, and its URL in {admin_url}",
    Cause.PROXY: "check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY",
    Cause.CERTIFICATE: _CHECK_URL + ", and which CA certificates are trusted, with {ca_file}",
    Cause.TLS: _CHECK_URL + ", and that the server speaks https",
    Cause.NEEDS_TLS: "write https:// in {admin_url}",
    Cause.NEEDS_HTTP: _CHECK_URL + ": http:// may be meant, or another port",
    Cause.TIME_LIMIT: "check that the server is healthy, or allow more time with {request_timeout}",
    Cause.UNAUTHENTICATED: "pass a token that is valid here, in {auth_token}",
    Cause.FORBIDDEN: "ask for the permission, or pass a token that has it, in {auth_token}",
    Cause.NO_ENDPOINT: _API_URL + "; an older server may not offer this",
    Cause.REDIRECT: "give the server's final URL in {admin_url}",
    Cause.NOT_AN_API: _API_URL,
    Cause.ANOTHER_THING: _API_URL + ", and that nothing in between mixes up its answers",
    Cause.UNKNOWN_SHAPE: _API_URL + ", of a version that this ampctl supports",
}
# Of these the server has said what is wrong, and no command knew better.
_FOR_KINDS = (
    (NotFoundError, "check its name, and that the URL in {admin_url} is that of its server"),
    (RefusedError, "look at what it is about, as it is now; the server may be of another release"),
)
_FOR_ARGUMENTS = {
    "base_url": "write the URL in {admin_url} like http://localhost:1610",
    "token": "check {auth_token} for stray spaces and line ends",
    "allow_http": "use an https:// URL in {admin_url}, or allow it with {allow_http}",
    "ca_file": "check the path in {ca_file}",
    "no_plugins": "run it without {no_plugins}",
    "plugins": "add ampctl-job to {plugins}",
}


def find_hint(error: AmpError, origins: Mapping[str, str]) -> str | None:
    """Return the next step for whatever the client raised; any other error brings its own.

    Args:
        error: what is to be reported.
        origins: where each setting came from.
    """
    advice = None
    # A hint that is not the client's own was written by someone who knew better.
    if isinstance(error, UsageError) and error.hint == ARGUMENT_HINTS.get(error.setting or ""):
        advice = _FOR_ARGUMENTS.get(error.setting or "")
    elif isinstance(error, ApiError) and error.cause and error.hint == HINTS[error.cause]:
        advice = _find_advice(error, error.cause)
    elif isinstance(error, ApiError) and error.status is not None and error.hint is None:
        advice = next((text for kind, text in _FOR_KINDS if isinstance(error, kind)), None)
    if advice is None:
        return error.hint
    places = {setting.name: _describe_place(setting, origins[setting.name]) for setting in SETTINGS}
    return advice.format_map(places)


def _find_advice(error: ApiError, cause: Cause) -> str | None:
    if error.retry_after_s is not None and error.retry_after_s >= 1:
        return f"wait {error.retry_after_s:.0f} s, as the server asks, and try again"
    advice = _FOR_CAUSES.get(cause)
    if advice and cause is Cause.REFUSED and error.is_loopback:
        advice += _LOCAL_SERVER
    return advice


def _describe_place(setting: Setting[object], origin: str) -> str:
    if origin == DEFAULT:
        return f"{setting.env} or {setting.flag}" if setting.env else setting.flag
    return origin
