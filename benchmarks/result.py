"""What a benchmark returns: a table, and the targets it is held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Cell = str | float | None


@dataclass(frozen=True)
class Target:
    """A measured value and its limit."""

    name: str
    value: float
    limit: float
    at_least: bool = False
    """Whether the limit is the least that will do; else it is the most."""

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_json(self) -> dict[str, Any]:
        bound = "at_least" if self.at_least else "at_most"
        return {"name": self.name, "value": self.value, bound: self.limit, "met": self.met}


@dataclass(frozen=True)
class Result:
    """A table. `columns` maps each row's keys to headings; a cell may be missing."""

    id: str
    title: str
    note: str
    columns: dict[str, str]
    rows: list[dict[str, Cell]]
    targets: list[Target] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """What could not be measured here, and why."""
    drawn: tuple[str, ...] = ()
    """The keys of the columns that a figure shows."""

    def as_json(self, judged: bool) -> dict[str, Any]:
        """As it is written to the file; the targets only if the numbers are worth judging."""
        return {
            "id": self.id,
            "title": self.title,
            "note": self.note,
            "columns": self.columns,
            "rows": self.rows,
            "targets": [target.as_json() for target in self.targets] if judged else [],
            "left_out": self.left_out,
            "drawn": list(self.drawn),
        }
