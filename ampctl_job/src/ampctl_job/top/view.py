"""What a person looks at, and what their keys do to it."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Mapping, Sequence

from ampctl_job.top.rows import ORDERS, SHOWN

JOBS, ONE, EVENTS, DATASETS, WORKERS = "jobs", "inspect", "events", "datasets", "workers"
OF_ONE_JOB = (ONE, EVENTS)


class Action(enum.Enum):
    """What is to be done for a key, other than to show something else."""

    QUIT = enum.auto()
    STOP = enum.auto()
    REMOVE = enum.auto()


_ACTIONS: Mapping[str, Action] = {"q": Action.QUIT, "s": Action.STOP, "r": Action.REMOVE}
_SCREENS: Mapping[str, str] = {
    **dict.fromkeys(("i", "enter"), ONE),
    "e": EVENTS,
    "d": DATASETS,
    "w": WORKERS,
    **dict.fromkeys(("escape", "backspace", "left"), JOBS),
}
_STEPS: Mapping[str, int] = {"up": -1, "k": -1, "down": 1, "j": 1}
_PAGES: Mapping[str, int] = {"pageup": -1, "pagedown": 1, " ": 1}
_ENDS: Mapping[str, int] = {"home": -1, "g": -1, "end": 1, "G": 1}
_FAR = 10**6

KEYS_OF_JOBS: Sequence[tuple[str, str]] = (
    ("↑↓", "choose"),
    ("Enter", "inspect"),
    ("e", "events"),
    ("s", "stop"),
    ("r", "remove"),
    ("f", "filter"),
    ("o", "order"),
    ("d", "datasets"),
    ("w", "workers"),
    ("q", "quit"),
)
KEYS_OF_ONE: Sequence[tuple[str, str]] = (
    ("Esc", "back"),
    ("↑↓", "scroll"),
    ("i", "inspect"),
    ("e", "events"),
    ("s", "stop"),
    ("r", "remove"),
    ("q", "quit"),
)
KEYS_OF_TABLES: Sequence[tuple[str, str]] = (
    ("Esc", "back"),
    ("↑↓", "scroll"),
    ("d", "datasets"),
    ("w", "workers"),
    ("q", "quit"),
)


class View:
    """Remembers what is shown.

    Attributes:
        screen: one of the names above.
        selected: the id of the job that is chosen.
        shown, order: of the jobs; see :data:`SHOWN` and :data:`ORDERS`.
        first: the first row, or line, that there is room for.
        room: how many there is room for.
        message: what came of the last action.
        question: what is asked; empty while nothing is.
    """

    def __init__(self) -> None:
        self.screen = JOBS
        self.selected: int | None = None
        self.shown, self.order = next(iter(SHOWN)), next(iter(ORDERS))
        self.first = 0
        self.room = 1
        self.message = self.question = ""
        self._at = 0

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """The keys that do something here, and what they do."""
        if self.screen == JOBS:
            return KEYS_OF_JOBS
        return KEYS_OF_ONE if self.screen in OF_ONE_JOB else KEYS_OF_TABLES

    def press(self, key: str, ids: Sequence[int]) -> Action | None:
        """Show what a key asks for, or return what is to be done for it.

        Args:
            key: its name.
            ids: the jobs, in the order in which they are shown.
        """
        self.message = ""
        if key in _SCREENS:
            self._open(_SCREENS[key])
        elif key in _STEPS or key in _PAGES or key in _ENDS:
            self._move(key, ids)
        elif self.screen == JOBS and key == "f":
            self.shown = _find_next(list(SHOWN), self.shown)
        elif self.screen == JOBS and key == "o":
            self.order = _find_next(list(ORDERS), self.order)
        elif key in _ACTIONS and (key == "q" or self.screen in (JOBS, *OF_ONE_JOB)):
            return _ACTIONS[key]
        return None

    def follow(self, ids: Sequence[int]) -> None:
        """Stay at the chosen job; where that is gone, choose the one in its place.

        While all is shown of a job no other one is chosen: keys are meant for that one.
        """
        if self.screen in OF_ONE_JOB:
            return
        if not ids:
            self.selected = None
        elif self.selected in ids:
            self._at = ids.index(self.selected)
        else:
            self._at = min(self._at, len(ids) - 1)
            self.selected = ids[self._at]

    def fit(self, count: int, room: int) -> range:
        """Return which of so many rows, or lines, are shown where there is room for so many."""
        self.room = max(1, room)
        if self.screen == JOBS:
            self.first = min(self.first, self._at)
            self.first = max(self.first, self._at - self.room + 1)
        self.first = max(0, min(self.first, count - self.room))
        return range(self.first, min(count, self.first + self.room))

    def _open(self, screen: str) -> None:
        if screen in OF_ONE_JOB and self.selected is None:
            return
        self.screen = screen
        # Of a log the end is new.
        self.first = _FAR if screen == EVENTS else 0

    def _move(self, key: str, ids: Sequence[int]) -> None:
        by = _STEPS.get(key, 0) + _PAGES.get(key, 0) * self.room + _ENDS.get(key, 0) * _FAR
        if self.screen != JOBS:
            self.first = max(0, self.first + by)
        elif ids:
            self._at = max(0, min(self._at + by, len(ids) - 1))
            self.selected = ids[self._at]


def _find_next(names: Sequence[str], name: str) -> str:
    return next(later for before, later in itertools.pairwise([*names, names[0]]) if before == name)
