"""The settings of ampctl: option before environment before default, each value with its origin."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from ampctl.client.secret import Secret
from ampctl.settings.parser import Parser
from ampctl.settings.setting import DEFAULT, PREFIX, Setting
from ampctl.settings.values import (
    COLORS,
    parse_color,
    parse_names,
    parse_path,
    parse_request_timeout,
    parse_retries,
    parse_switch,
)

GLOBAL_OPTIONS = "global options, before or after the command words"
"""How the help names them."""


class Settings:
    """The settings of one command, which can't be changed.

    Each is an attribute that is named as its option is: ``--admin-url`` is ``admin_url``.
    Durations are seconds, and None means that nothing was given. The token can't be read.

    Attributes:
        verbosity: -1 quiet, 0 normal, 1 and more for what ``-v`` was given.
        origins: for each setting where its value came from, such as ``--admin-url``,
            ``AMP_ADMIN_URL`` or ``default``.
    """

    __slots__ = ("origins", "values", "verbosity")

    admin_url = Setting(
        str,
        default="http://localhost:1610",
        help="where the Admin API is",
        metavar="URL",
        env="AMP_ADMIN_URL",
    )
    auth_token = Setting[Secret | None](
        Secret,  # wrapped at once: nothing that a command is given holds it as text
        default=None,
        help="bearer token; the environment keeps it out of process lists",
        metavar="TOKEN",
        env="AMP_AUTH_TOKEN",
    )
    allow_http = Setting(
        parse_switch,
        default=False,
        help="send the token over http:// to a host that is not this one",
        env="AMP_ALLOW_HTTP",
    )
    ca_file = Setting[str | None](
        parse_path,
        default=None,
        help="certificates to trust instead of the usual ones (PEM)",
        metavar="PATH",
        env="AMP_CA_FILE",
    )
    request_timeout = Setting(
        parse_request_timeout,
        default=60.0,
        help="longest time for one whole request",
        metavar="TIME",
        env="AMP_REQUEST_TIMEOUT",
    )
    retries = Setting(
        parse_retries,
        default=3,
        help="how often a failed request is tried again",
        metavar="N",
        env="AMP_RETRIES",
    )
    color = Setting(
        parse_color,
        default="auto",
        help="auto, always or never; NO_COLOR in the environment means never",
        metavar="WHEN",
        choices=COLORS,
    )
    no_plugins = Setting(
        parse_switch, default=False, help="start without any plugin", env="AMPCTL_NO_PLUGINS"
    )
    plugins = Setting[frozenset[str] | None](
        parse_names,
        default=None,
        help="use the plugins of these distributions only, separated by commas",
        metavar="NAMES",
        env="AMPCTL_PLUGINS",
    )
    debug = Setting(parse_switch, default=False, help="show a traceback with every error")
    log_file = Setting[str | None](
        parse_path, default=None, help="also write the log to this file", metavar="PATH"
    )

    def __init__(
        self, values: Mapping[str, Any], origins: Mapping[str, str], verbosity: int
    ) -> None:
        self.values = values
        self.origins = origins
        self.verbosity = verbosity


SETTINGS: tuple[Setting[Any], ...] = tuple(
    value for value in vars(Settings).values() if isinstance(value, Setting)
)


def add_global_options(parser: argparse._ActionsContainer, *, hidden: bool = False) -> None:
    """Add the options that work before and after the command words.

    Args:
        parser: what to add them to. :func:`read_given` tells which of them were given.
        hidden: whether the help leaves them out.
    """
    for setting in SETTINGS:
        setting.add_to(parser, hidden=hidden)
    for flags, text in (
        (("-v", "--verbose"), "say more; twice for debugging"),
        (("-q", "--quiet"), "say only what went wrong"),
    ):
        parser.add_argument(
            *flags,
            action="count",
            dest=PREFIX + flags[1].removeprefix("--"),
            default=argparse.SUPPRESS,
            help=argparse.SUPPRESS if hidden else text,
        )


def read_given(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the global options that were given, by their names: ``admin_url``, ``verbose``."""
    return {
        name.removeprefix(PREFIX): value
        for name, value in vars(arguments).items()
        if name.startswith(PREFIX)
    }


def add_leading_options(parser: argparse.ArgumentParser) -> None:
    """Add all that stands before the command words, and the words themselves as ``words``."""
    options = parser.add_argument_group(GLOBAL_OPTIONS)
    add_global_options(options)
    options.add_argument("--version", action="store_true", help="show the version and exit")
    options.add_argument("-h", "--help", action="store_true", help="show this help and exit")
    parser.add_argument("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)


def resolve(flags: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Work out the settings from the options given and the environment.

    Raises:
        UsageError: a variable of the environment holds a value that can't be used.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        values[setting.name], origins[setting.name] = setting.choose(flags, environ)
    if origins["color"] == DEFAULT and environ.get("NO_COLOR"):
        values["color"], origins["color"] = "never", "NO_COLOR"
    verbosity = -1 if flags.get("quiet") else flags.get("verbose", 0)
    return Settings(values, origins, verbosity)


def read_allowed_plugins(argv: Sequence[str], environ: Mapping[str, str]) -> frozenset[str] | None:
    """Return the distributions whose plugins count, as they were typed; None for all of them.

    They are read from the complete command line before the rest of it is understood, since they
    decide which commands there are.

    Raises:
        UsageError: an option or a variable holds a value that can't be used.
    """
    parser = Parser(prog="ampctl", add_help=False)
    for setting in (Settings.no_plugins, Settings.plugins):
        setting.add_to(parser, hidden=True)
    flags = read_given(parser.parse_known_args(list(argv))[0])
    if Settings.no_plugins.choose(flags, environ)[0]:
        return frozenset()
    return Settings.plugins.choose(flags, environ)[0]


def remove_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the environment that a command may see: all but the token."""
    return {name: text for name, text in environ.items() if name != Settings.auth_token.env}


def reach_alike(one: Settings | None, other: Settings) -> bool:
    """Tell whether a client made for one of the settings serves the other."""
    names = ("admin_url", "auth_token", "allow_http", "ca_file", "request_timeout", "retries")
    return all(getattr(one, name, None) == getattr(other, name) for name in names)
