"""The definition of a setting: its option, its variable in the environment, its default."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar, overload

from ampctl.errors import UsageError
from ampctl.settings.completing import completes, offer
from ampctl.settings.values import parse_names, parse_switch

T = TypeVar("T")

DEFAULT = "default"
"""The origin of a value that was given nowhere."""

PREFIX = "ampctl:"
"""What the global options begin with in a namespace, where a command's own can't meet them."""


class HasValues(Protocol):
    """What the attributes of settings are read from."""

    values: Mapping[str, Any]


class _Union(argparse._AppendAction):
    """Joins the sets of an option that is given more than once."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        setattr(namespace, self.dest, getattr(namespace, self.dest, frozenset()) | values)


class Setting(Generic[T]):
    """The definition of a setting, as a class attribute of what holds the settings.

    There it is the definition; on an instance it is the value.

    Args:
        parse: reads a value from an option or a variable. With
            :func:`~ampctl.settings.values.parse_switch` the option takes no value, and with
            :func:`~ampctl.settings.values.parse_names` it may be given in parts.
        default: the value if none is given.
        help: what it means, without default and variable.
        metavar: the name of the value in the help.
        env: the variable of the environment, if there is one.
        choices: values to offer where one is being typed.
    """

    def __init__(
        self,
        parse: Callable[[str], T],
        *,
        default: T,
        help: str,
        metavar: str | None = None,
        env: str | None = None,
        choices: Sequence[str] = (),
    ) -> None:
        self.name = ""
        self.parse = parse
        self.default = default
        self.help = help
        self.metavar = metavar
        self.env = env
        self.choices = choices

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, settings: None, owner: type[Any]) -> Setting[T]: ...

    @overload
    def __get__(self, settings: HasValues, owner: type[Any]) -> T: ...

    def __get__(self, settings: HasValues | None, owner: type[Any]) -> Setting[T] | T:
        if settings is None:
            return self
        value: T = settings.values[self.name]
        return value

    @property
    def flag(self) -> str:
        """The option, such as ``--admin-url``."""
        return "--" + self.name.replace("_", "-")

    @property
    def default_text(self) -> str | None:
        """The default as a person would give it, if there is one to give."""
        if self.default is None or isinstance(self.default, bool):
            return None
        return f"{self.default:g}s" if isinstance(self.default, float) else str(self.default)

    def add_to(self, parser: argparse._ActionsContainer, *, hidden: bool = False) -> None:
        """Add the option; :func:`~ampctl.settings.options.read_given` tells if it was given."""
        notes = (("default", self.default_text), ("env", self.env))
        text = self.help + "".join(f" ({name}: {note})" for name, note in notes if note)
        shared: dict[str, Any] = {
            "dest": PREFIX + self.name,
            "default": argparse.SUPPRESS,
            "help": argparse.SUPPRESS if hidden else text,
        }
        if self.parse is parse_switch:
            parser.add_argument(self.flag, action="store_true", **shared)
        else:
            if self.parse is parse_names:
                shared["action"] = _Union
            action = parser.add_argument(
                self.flag, type=_refuse_empty(self.parse), metavar=self.metavar, **shared
            )
            if self.choices:
                completes(action, offer(self.choices))

    def choose(self, flags: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[T, str]:
        """Return the value, and its origin: the option, the variable or :data:`DEFAULT`.

        Raises:
            UsageError: the variable holds a value that can't be used.
        """
        if self.name in flags:
            return flags[self.name], self.flag
        if self.env and (text := environ.get(self.env)):
            try:
                return self.parse(text), self.env
            except argparse.ArgumentTypeError as error:
                raise UsageError(f"{self.env}: {error}", hint=f"unset {self.env}") from error
        return self.default, DEFAULT


def _refuse_empty(parse: Callable[[str], T]) -> Callable[[str], T]:
    # It keeps what it wraps, so that completion sees what kind of value is meant.
    @functools.wraps(parse, updated=())
    def parse_given(text: str) -> T:
        # Typical of a script whose own variable is not set: what it meant was not the default.
        if not text:
            raise argparse.ArgumentTypeError("the value is empty")
        return parse(text)

    return parse_given
