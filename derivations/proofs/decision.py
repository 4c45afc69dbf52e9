"""What was found of an equation. Nothing counts as proven or cross-checked that wasn't compared with anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from derivations.proofs.counterexample import Counterexample, finite

__all__ = ["Decision", "Verdict"]

Verdict = Literal["proven", "cross-checked", "refuted", "undecided"]


@dataclass(frozen=True)
class Decision:
    """The verdict, and the numbers that go with it: how many were compared, at which sizes, and the largest error.

    `provided` are the conditions of a proof (`s != 0`): what it divides by, or takes the root or logarithm of.
    `witness` says what the second, exact way has found.

    >>> Decision("cross-checked")
    Traceback (most recent call last):
        ...
    ValueError: cross-checked, but nothing was compared
    """

    verdict: Verdict
    sizes: dict[str, int] | None = None
    max_error: float | None = None
    tolerance: float | None = None
    counterexample: Counterexample | None = None
    reason: str = ""
    compared: int = 0
    provided: tuple[str, ...] = ()
    witness: str = ""

    def __post_init__(self) -> None:
        if self.verdict in ("proven", "cross-checked") and self.compared < 1:
            raise ValueError(f"{self.verdict}, but nothing was compared")

    def __str__(self) -> str:
        """The verdict, and why: `refuted: at m = 2, i = 0 the left side is 1, the right side 2`."""
        why = self.counterexample or self.reason
        return f"{self.verdict}: {why}" if why else self.verdict

    def as_json(self) -> dict[str, Any]:
        """Its part of a claim's entry in the report."""
        found = self.counterexample
        return {
            "verdict": self.verdict,
            "sizes": self.sizes,
            "compared": self.compared,
            "max_error": finite(self.max_error),
            "tolerance": self.tolerance,
            "provided": list(self.provided),
            "witness": self.witness,
            "counterexample": None if found is None else found.as_json(),
        }

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Decision:
        """What an entry of the report says, but for its counterexample, which the report only writes out."""
        keys = ("verdict", "sizes", "max_error", "tolerance", "compared", "witness")
        return cls(**{key: entry[key] for key in keys}, provided=tuple(entry["provided"]))
