"""Loads what was chosen, through stevedore.

stevedore imports, makes instances and tells of failures. Its own listing of entry points is not
used: it comes from a cache on the disk that knows time stamps to 128 seconds, so that it can be out
of date, and it does not say which distribution an entry point is of.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from typing import Any, NoReturn

from stevedore.extension import Extension
from stevedore.named import NamedExtensionManager

from ampctl.console.prints import send_prints_to_stderr
from ampctl.console.text import reason_of
from ampctl.discovery.entry_points import EntryPoint
from ampctl.errors import PluginError, Terminated


class _ChosenExtension(NamedExtensionManager):  # type: ignore[type-arg]  # not generic before 5.5
    """A manager of one extension, whose entry point we have listed ourselves."""

    def __init__(self, entry: EntryPoint, given: Mapping[str, Any] | None) -> None:
        self._entry_points = [entry.to_library()]
        super().__init__(
            entry.group,
            [entry.name],
            invoke_on_load=given is not None,
            invoke_kwds=dict(given or {}),
            on_load_failure_callback=_raise_failure,
        )

    def list_entry_points(self) -> list[metadata.EntryPoint]:
        """Return the one entry point."""
        return self._entry_points


def _raise_failure(manager: object, entry_point: object, error: BaseException) -> NoReturn:
    raise error


def load_extension(entry: EntryPoint, call_with: Mapping[str, Any] | None = None) -> Extension[Any]:
    """Import what ``entry`` names, and call it if there is something to call it with.

    Raises:
        PluginError: the plugin's own code failed in any way; it names the distribution.
    """
    try:
        with send_prints_to_stderr():
            return _ChosenExtension(entry, call_with)[entry.name]
    except (KeyboardInterrupt, Terminated):
        raise
    # stevedore leaves SystemExit and AssertionError to its caller.
    except BaseException as error:
        # Imported here, as it is hardly ever needed.
        from ampctl.console.bytecode import explain_damage

        damage = explain_damage(error)
        reason = damage.message if damage else reason_of(error)
        hint = f"reinstall or remove it; everything else still works (it offers {entry.value})"
        raise PluginError(
            f"{entry.owner} can't be loaded: {reason}", hint=damage.hint if damage else hint
        ) from error


def load_object(entry: EntryPoint) -> Any:
    """Return what ``entry`` names: the class of a command, or a group.

    Raises:
        PluginError: see :func:`load_extension`.
    """
    return load_extension(entry).plugin
