"""What has changed in a list since it was looked at before."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ampctl.bases.answer import Column
from ampctl.bases.choosing import choose_columns
from ampctl.bases.printing import as_answer
from ampctl.bases.watching import INTERVAL_S, Watching
from ampctl.output.values import compact, plain


class Changes:
    """Remembers items, and tells which of them have changed in what is shown of them.

    Args:
        command: whose items they are.
        parsed_args: its arguments, which say what is shown.
    """

    def __init__(self, command: Watching, parsed_args: argparse.Namespace) -> None:
        self._now = command.runtime.now
        table: Sequence[Column[Any]] = command.columns
        self._key = table[0]
        asked = () if parsed_args.json else parsed_args.columns
        self._columns = choose_columns(table, asked, ())
        self._seen: dict[str, tuple[Any, str]] = {}

    def key_of(self, item: Any) -> str:
        """Return what an item is known by."""
        return compact(plain(self._key.cell(item, self._now())))

    def note(self, item: Any) -> bool:
        """Note an item, and tell whether it is new or has changed."""
        now = self._now()
        values = compact([plain(column.cell(item, now)) for column in self._columns])
        key = self.key_of(item)
        before = self._seen.get(key)
        self._seen[key] = item, values
        return before is None or before[1] != values

    def find_gone(self, items: Iterable[Any]) -> list[Any]:
        """Return the items that were noted before and are not among these."""
        there = set(map(self.key_of, items))
        return [item for key, (item, _) in self._seen.items() if key not in there]

    def forget(self, items: Iterable[Any]) -> None:
        """Forget items that are gone."""
        for item in items:
            self._seen.pop(self.key_of(item), None)


def iterate_changes(command: Watching, parsed_args: argparse.Namespace) -> Iterator[Any]:
    """Yield items that are new or have changed, as they do, until something ends it."""
    changes = Changes(command, parsed_args)
    told: set[str] = set()

    def look() -> tuple[list[Any], list[Any], list[Any]]:
        # What is odd about an item is as odd the next time.
        with command.console.hold_messages() as held:
            answer = as_answer(command.take_action(parsed_args), command.app.stdout, is_list=True)
            items = list(itertools.islice(answer.items, answer.limit))
            held[:] = [text for text in held if text not in told]
            told.update(held)
        gone = changes.find_gone(items)
        return items, gone, list(command.find_gone(gone))

    interval_s = parsed_args.watch or INTERVAL_S
    for items, gone, ended in command.poll(look, interval_s=interval_s, goal="the next look"):
        yield from [item for item in (*items, *ended) if changes.note(item)]
        changes.forget(gone)
