"""Settings: flag before environment before default, each value with its origin."""

from __future__ import annotations

import argparse
import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from ampctl.client.secret import Secret
from ampctl.errors import UsageError

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)?", re.ASCII)
_UNIT_S = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: str) -> float:
    """Read a duration such as ``2s``, ``5m``, ``7d``, or plain seconds, into seconds."""
    match = _DURATION.fullmatch(text)
    if match is None or float(match[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a duration such as 30, 2s, 5m or 7d")
    return float(match[1]) * _UNIT_S[match[2] or "s"]


def _retries(text: str) -> int:
    if re.fullmatch(r"\d{1,2}", text, re.ASCII) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 99")
    return int(text)


def _switch(text: str) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "0": False,
        "false": False,
        "no": False,
        "": False,
    }
    if text.lower() not in words:
        raise argparse.ArgumentTypeError(f"{text!r} is neither yes nor no")
    return words[text.lower()]


def _distributions(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(",") if name.strip())


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in words:
            raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(words)}")
        return text.lower()

    return parse


class _Option(NamedTuple):
    """A setting: how it is given as a flag and in the environment."""

    name: str
    help: str
    default: Any
    parse: Callable[[str], Any] = str
    metavar: str | None = None
    env: str | None = None

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    def add_to(self, parser: argparse._ActionsContainer, *, hidden: bool) -> None:
        text = self.help + (f" (env: {self.env})" if self.env else "")
        shared: dict[str, Any] = {
            "default": argparse.SUPPRESS,
            "help": argparse.SUPPRESS if hidden else text,
        }
        if self.parse is _switch:
            parser.add_argument(self.flag, action="store_true", **shared)
        else:
            parser.add_argument(self.flag, type=self.parse, metavar=self.metavar, **shared)

    def chosen(self, flags: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[Any, str]:
        """Return the value, and where it comes from."""
        if self.name in flags:
            return flags[self.name], self.flag
        if self.env and environ.get(self.env):
            return self._from_environment(environ), self.env
        return self.default, "default"

    def _from_environment(self, environ: Mapping[str, str]) -> Any:
        assert self.env is not None
        try:
            return self.parse(environ[self.env])
        except argparse.ArgumentTypeError as error:
            raise UsageError(f"{self.env}: {error}", hint=f"unset {self.env}") from error


_OPTIONS = (
    _Option(
        "admin_url",
        "where the Admin API is (default: http://localhost:1610)",
        "http://localhost:1610",
        metavar="URL",
        env="AMP_ADMIN_URL",
    ),
    _Option(
        "auth_token",
        "bearer token; the environment keeps it out of process lists",
        None,
        # Wrapped at once: nothing that a command is handed holds it as text.
        Secret,
        metavar="TOKEN",
        env="AMP_AUTH_TOKEN",
    ),
    _Option(
        "allow_http",
        "send the token over http:// to a host that is not this one",
        False,
        _switch,
        env="AMP_ALLOW_HTTP",
    ),
    _Option(
        "ca_file",
        "certificates to trust instead of the usual ones (PEM)",
        None,
        metavar="PATH",
        env="AMP_CA_FILE",
    ),
    _Option(
        "request_timeout",
        "longest time for one whole request (default: 60s)",
        60.0,
        duration,
        metavar="TIME",
        env="AMP_REQUEST_TIMEOUT",
    ),
    _Option(
        "retries",
        "how often a failed request is tried again (default: 3)",
        3,
        _retries,
        metavar="N",
        env="AMP_RETRIES",
    ),
    _Option(
        "color",
        "auto, always or never; NO_COLOR in the environment means never",
        "auto",
        _one_of("auto", "always", "never"),
        metavar="WHEN",
    ),
    _Option(
        "no_plugins",
        "start without any plugin",
        False,
        _switch,
        env="AMPCTL_NO_PLUGINS",
    ),
    _Option(
        "plugins",
        "use the plugins of these distributions only, separated by commas",
        None,
        _distributions,
        metavar="NAMES",
        env="AMPCTL_PLUGINS",
    ),
    _Option("debug", "show a traceback with every error", False, _switch),
    _Option("log_file", "also write the log to this file", None, metavar="PATH"),
)


def add_global_options(parser: argparse._ActionsContainer, *, hidden: bool = False) -> None:
    """Add the options that work before and after the command words.

    Args:
        parser: what to add them to. An option that isn't given leaves no attribute behind.
        hidden: whether the help leaves them out.
    """
    for option in _OPTIONS:
        option.add_to(parser, hidden=hidden)
    for flags, text in (
        (("-v", "--verbose"), "say more; twice for debugging"),
        (("-q", "--quiet"), "say only what went wrong"),
    ):
        parser.add_argument(
            *flags,
            action="count",
            default=argparse.SUPPRESS,
            help=argparse.SUPPRESS if hidden else text,
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one command.

    Attributes:
        admin_url: base URL of the Admin API, possibly with a path prefix.
        auth_token: the bearer token, if there is one; it can't be read.
        allow_http: whether the token may go over http:// to another host.
        ca_file: path of a PEM file with the certificates to trust.
        request_timeout: the longest time for one request, in seconds.
        retries: how often a failed request is tried again.
        color: ``auto``, ``always`` or ``never``.
        no_plugins: whether only the core's own commands count.
        plugins: the distributions whose plugins count; None for all of them.
        debug: whether errors come with a traceback.
        log_file: path of the log file.
        verbosity: -1 quiet, 0 normal, 1 and more for what ``-v`` was given.
        origins: for each setting where its value came from, such as ``--admin-url``,
            ``AMP_ADMIN_URL`` or ``default``.
    """

    admin_url: str
    auth_token: Secret | None = dataclasses.field(repr=False)
    allow_http: bool
    ca_file: str | None
    request_timeout: float
    retries: int
    color: str
    no_plugins: bool
    plugins: frozenset[str] | None
    debug: bool
    log_file: str | None
    verbosity: int
    origins: Mapping[str, str] = dataclasses.field(repr=False)


def resolve(flags: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Work out the settings from the flags given and the environment.

    Raises:
        UsageError: a variable of the environment holds a value that can't be used.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for option in _OPTIONS:
        values[option.name], origins[option.name] = option.chosen(flags, environ)
    if origins["color"] == "default" and environ.get("NO_COLOR"):
        values["color"], origins["color"] = "never", "NO_COLOR"
    verbosity = -1 if flags.get("quiet") else flags.get("verbose", 0)
    return Settings(**values, verbosity=verbosity, origins=origins)


def allowed_plugins(argv: Sequence[str], environ: Mapping[str, str]) -> frozenset[str] | None:
    """Return the distributions whose plugins count; None for all of them.

    This is read from the whole command line before the rest of it is understood, since it decides
    which commands there are.

    Their names are as they were typed.

    Raises:
        UsageError: an option or a variable holds a value that can't be used.
    """
    options = {option.name: option for option in _OPTIONS}
    parser = _Quiet(add_help=False, allow_abbrev=False)
    for name in ("no_plugins", "plugins"):
        options[name].add_to(parser, hidden=True)
    flags = vars(parser.parse_known_args(list(argv))[0])
    if options["no_plugins"].chosen(flags, environ)[0]:
        return frozenset()
    allowed: frozenset[str] | None = options["plugins"].chosen(flags, environ)[0]
    return allowed


class _Quiet(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message, hint="ampctl --help")


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the environment that a command may see: all but the token."""
    return {name: text for name, text in environ.items() if name != "AMP_AUTH_TOKEN"}
