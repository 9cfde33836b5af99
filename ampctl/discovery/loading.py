"""Loads what was chosen, through stevedore.

stevedore imports, makes instances and tells of failures. Its own listing of entry points is not
used: it comes from a cache on the disk that knows time stamps to 128 seconds, so that it can be out
of date, and it does not say which distribution an entry point is of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any, NoReturn

from stevedore.extension import Extension, ExtensionManager
from stevedore.named import NamedExtensionManager

from ampctl.console.prints import send_prints_to_stderr
from ampctl.console.text import reason_of
from ampctl.discovery.entry_points import EntryPoint
from ampctl.errors import PluginError, Terminated

if TYPE_CHECKING:
    from cliff.formatters.base import ListFormatter


class _ChosenExtension(NamedExtensionManager):  # type: ignore[type-arg]  # not generic before 5.5
    """A manager of one extension, whose entry point we have listed ourselves."""

    def __init__(self, entry: EntryPoint, *, invoke_on_load: bool) -> None:
        self._entry_points = [entry.to_library()]
        super().__init__(
            entry.group,
            [entry.name],
            invoke_on_load=invoke_on_load,
            on_load_failure_callback=_raise_failure,
        )

    def list_entry_points(self) -> list[metadata.EntryPoint]:
        """Return the one entry point."""
        return self._entry_points


class LazyExtensions(ExtensionManager):  # type: ignore[type-arg]
    """A manager of extensions that are known by name, each loaded when it is asked for.

    Args:
        namespace: their entry-point group.
        names: the names of all.
        load: loads one of them.
    """

    def __init__(
        self, namespace: str, names: Sequence[str], load: Callable[[str], Extension[Any]]
    ) -> None:
        super().__init__(namespace)
        self._names = names
        self._load = load

    def list_entry_points(self) -> list[metadata.EntryPoint]:
        """Return none: those are loaded at once."""
        return []

    def names(self) -> list[str]:
        """Return the names of all, whether they are loaded or not."""
        return list(self._names)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def __getitem__(self, name: str) -> Extension[Any]:
        """Load the one of that name; raise a PluginError if it can't be used."""
        return self._load(name)


def _raise_failure(manager: object, entry_point: object, error: BaseException) -> NoReturn:
    raise error


def load_extension(entry: EntryPoint, *, invoke: bool = False) -> Extension[Any]:
    """Import what ``entry`` names, and call it if ``invoke``.

    Raises:
        PluginError: the plugin's own code failed in any way; it names the distribution.
    """
    try:
        with send_prints_to_stderr():
            return _ChosenExtension(entry, invoke_on_load=invoke)[entry.name]
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


def load_formatter(entry: EntryPoint) -> Extension[ListFormatter]:
    """Import the class that ``entry`` names, and make a formatter of it.

    Raises:
        PluginError: it can't be loaded or made, or it is not a formatter.
    """
    extension = load_extension(entry, invoke=True)
    if not is_formatter(extension.obj):
        raise PluginError(
            f"{entry.owner} offers the format {entry.name!r}, but {entry.value} is not a formatter"
        )
    return extension


def is_formatter(formatter: object) -> bool:
    """Whether ``formatter``, a class or an instance, can write lists and single records."""
    return all(callable(getattr(formatter, name, None)) for name in ("emit_list", "emit_one"))
