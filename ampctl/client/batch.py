"""Items that came together, kept as columns until one of them is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any


class Batch(Sequence[Any]):
    """Objects of one page, of which a model is made only when it is asked for.

    Attributes:
        documents: the objects as they came.
        columns: the values of each member of the shape; those of unusual objects are their
            models' attributes.
        unusual: the models of those, by position.
    """

    def __init__(
        self,
        documents: Sequence[Mapping[str, Any]],
        columns: Mapping[str, Sequence[Any]],
        make: Callable[[Mapping[str, Any], Mapping[str, Any]], Any],
        unusual: Mapping[int, Any],
    ) -> None:
        self.documents = documents
        self.columns = columns
        self._make = make
        self.unusual = unusual

    def __len__(self) -> int:
        return len(self.documents)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        if at in self.unusual:
            return self.unusual[at]
        values = {name: column[at] for name, column in self.columns.items()}
        return self._make(values, self.documents[at])

    def pick(self, positions: Sequence[int]) -> Batch:
        """Return the objects at these positions, in this order, still as columns."""
        columns = {name: [column[at] for at in positions] for name, column in self.columns.items()}
        unusual = {new: self.unusual[at] for new, at in enumerate(positions) if at in self.unusual}
        return Batch([self.documents[at] for at in positions], columns, self._make, unusual)
