"""Options of several origins on one parser: what is there first stays as it is."""

from __future__ import annotations

import argparse
from collections.abc import Callable

_USUAL = ("positional arguments", "options")


def add_where_free(
    parser: argparse.ArgumentParser, add: Callable[[argparse.ArgumentParser], object]
) -> list[str]:
    """Let ``add`` add options to a parser, apart from those that it has already.

    What reads the arguments later finds a value for each of them all the same.

    Returns:
        The options that were there already.
    """
    scratch = argparse.ArgumentParser(add_help=False)
    add(scratch)
    taken = [
        name for name in scratch._option_string_actions if name in parser._option_string_actions
    ]
    for group in scratch._action_groups:
        free = [action for action in group._group_actions if _free(parser, action)]
        if free and group.title not in _USUAL:
            target = parser.add_argument_group(group.title, group.description)
        else:
            target = parser._optionals
        for action in free:
            target._add_action(action)
    return taken


def _free(parser: argparse.ArgumentParser, action: argparse.Action) -> bool:
    """Take from an action the names that are not free, and tell whether any is left."""
    known = parser._option_string_actions
    action.option_strings = [name for name in action.option_strings if name not in known]
    if action.option_strings:
        return True
    is_known = any(action.dest == other.dest for other in parser._actions)
    if action.default is not argparse.SUPPRESS and not is_known:
        parser.set_defaults(**{action.dest: action.default})
    return False
