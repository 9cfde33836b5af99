"""Checks of the arguments of public functions: a wrong type, or a number out of range."""

from __future__ import annotations

from collections.abc import Mapping

from ampctl.errors import UsageError

_PART = (str, int)


def check_type(value: object, kinds: type | tuple[type, ...], name: str, what: str) -> None:
    """Refuse a value of another type; True and False are not numbers.

    Args:
        value: the argument.
        kinds: the classes that it may be of.
        name: how the function calls it.
        what: what it must be, for people, such as ``a whole number``.

    Raises:
        TypeError: the value is of none of them. The value itself is not shown: it may be secret.
    """
    allowed = kinds if isinstance(kinds, tuple) else (kinds,)
    if (isinstance(value, bool) and bool not in allowed) or not isinstance(value, allowed):
        raise TypeError(f"{name} must be {what}, not {type(value).__name__}")


def check_count(value: object, name: str, *, least: int = 0) -> None:
    """Refuse what is not a whole number from ``least`` on.

    Raises:
        TypeError: it is not a whole number.
        UsageError: it is too small.
    """
    check_type(value, int, name, "a whole number")
    if isinstance(value, int) and value < least:
        raise UsageError(f"{name} must be {least} or more, not {value}")


def check_request(path: tuple[object, ...], params: object, action: object) -> None:
    """Refuse what can't be a part of a request; ``None`` would be sent as a text.

    Raises:
        TypeError: a segment of the path, a parameter or the action is of another type.
    """
    check_type(action, str, "action", "a text")
    for segment in path:
        check_type(segment, _PART, "a segment of the path", "a text or a whole number")
    if params is None:
        return
    check_type(params, Mapping, "params", "a mapping")
    assert isinstance(params, Mapping)
    for name, value in params.items():
        check_type(value, _PART, f"the parameter {name}", "a text or a whole number")
