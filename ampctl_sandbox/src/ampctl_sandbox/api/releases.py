"""What differs between the releases of a controller, at the door of the API.

The database is the same: a job that failed is stored as ``ERROR`` or ``FATAL``.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

from ampctl_job.models import FAILED, STATUSES, Status


@dataclasses.dataclass(frozen=True, kw_only=True)
class Release:
    """A release of the controller.

    Attributes:
        shown: for each status that is stored, the one that is shown.
        lacks: a pattern of the paths that it does not have.
    """

    shown: Mapping[str, str]
    lacks: re.Pattern[str] | None = None

    def read_status(self, text: str) -> str:
        """Return the stored status that a text stands for; ``UNKNOWN`` if there is none."""
        name = _fold(text)
        return name if name in self.shown else Status.UNKNOWN

    def show_status(self, stored: str) -> str:
        """Return what is shown for a stored status."""
        return self.shown.get(stored) or self.shown[self.read_status(stored)]

    def find_stored(self, names: Sequence[str]) -> Sequence[str]:
        """Return the stored statuses that one of these names shows, in any case.

        A name that isn't a status is treated as ``UNKNOWN``. Hardly any job is stored as that: it
        is shown for a status that the API doesn't have.
        """
        known = set(self.shown.values())
        wanted = {name if name in known else Status.UNKNOWN for name in map(_fold, names)}
        return [stored for stored, shown in self.shown.items() if shown in wanted]

    def has_path(self, path: str) -> bool:
        """Tell whether it has a path of today's API."""
        return self.lacks is None or not self.lacks.match(path)


def _fold(name: str) -> str:
    # Only ASCII: str.upper() would make an S of a long s.
    return name.upper() if name.isascii() else name


# Plain texts: members of an enumeration are looked up and written several times slower.
CURRENT = Release(shown={str(status): str(status) for status in STATUSES})
LAST = Release(
    shown={**CURRENT.shown, **dict.fromkeys(map(str, FAILED), str(Status.FAILED))},
    lacks=re.compile(r"/jobs/[^/]*/(events|progress)(/|$)"),
)
"""The last release: one status for all failures, and neither events nor progress."""
