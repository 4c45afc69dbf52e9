"""What a witness found out about an equation."""

from __future__ import annotations

from dataclasses import dataclass

from derivations.proofs.counterexample import ValueMismatch

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """At how many points both sides were equal; or where they differ; or why this witness can't say.

    The counterexample has the numbers, where they can be written as floats: residues can't.

    >>> str(Finding(12))
    'equal at 12 points, sizes 1 to 2'
    """

    points: int = 0
    disagreement: str = ""
    reason: str = ""
    counterexample: ValueMismatch | None = None

    @property
    def agrees(self) -> bool:
        """Whether both sides were compared, and equal everywhere."""
        return self.points > 0 and not self.disagreement and not self.reason

    def __str__(self) -> str:
        return self.disagreement or self.reason or f"equal at {self.points} points, sizes 1 to 2"
