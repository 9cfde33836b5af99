"""The settings that decide how the error of a command line is reported that can't be understood."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from ampctl.errors import UsageError
from ampctl.settings.options import Settings, read_given, resolve
from ampctl.settings.parser import Parser

_FOR_MESSAGES = (
    Settings.color,
    Settings.debug,
    Settings.log_file,
    Settings.auth_token,
    Settings.no_plugins,
    Settings.plugins,
)


def resolve_for_messages(
    argv: Sequence[str], kept: Mapping[str, Any], environ: Mapping[str, str]
) -> Settings:
    """Return the settings, of which only those count that decide how messages are written.

    Those are the colour, the traceback, the log file, the secret, and which plugins count, since
    the next step may name that; what can't be read is left out.

    Args:
        argv: the command line.
        kept: options that hold for it already, as with a script.
        environ: the environment variables.
    """
    flags = dict(kept)
    known = {"NO_COLOR": environ.get("NO_COLOR", "")}
    for setting in _FOR_MESSAGES:
        parser = Parser(prog="ampctl", add_help=False)
        setting.add_to(parser, hidden=True)
        with contextlib.suppress(UsageError):
            flags |= read_given(parser.parse_known_args(list(argv))[0])
        with contextlib.suppress(UsageError):
            setting.choose({}, environ)
            known |= {name: environ[name] for name in (setting.env,) if name and name in environ}
    return resolve(flags, known)
