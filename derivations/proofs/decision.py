"""What was found of an equation. Nothing counts as proven or cross-checked that wasn't compared with anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from derivations.proofs.equation import Counterexample

__all__ = ["Decision", "Verdict"]

Verdict = Literal["proven", "cross-checked", "refuted", "undecided"]


@dataclass(frozen=True)
class Decision:
    """The verdict, and the numbers that go with it: how many were compared, at which sizes, and the largest error.

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

    def __post_init__(self) -> None:
        if self.verdict in ("proven", "cross-checked") and self.compared < 1:
            raise ValueError(f"{self.verdict}, but nothing was compared")
