"""Equations of sines and cosines, as formulas and as functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, sin
from typing import Any

Side = Callable[[float, float], float]
MEDIA_TYPE = "application/vnd.checked-backprop.provenance+json"


@dataclass(frozen=True)
class Identity:
    """Two sides in LaTeX, and what each computes."""

    name: str
    latex: tuple[str, str]
    left: Side
    right: Side

    def sides(self, x: float, y: float) -> tuple[float, float]:
        """Both sides at two angles."""
        return round(self.left(x, y), 9), round(self.right(x, y), 9)

    def claim(self) -> dict[str, Any]:
        """What is found at 100 pairs of angles."""
        pairs = [(k / 7, j / 3) for k in range(10) for j in range(10)]
        wrong = [pair for pair in pairs if abs(self.left(*pair) - self.right(*pair)) > 1e-12]
        differs = {"what": f"differs at x = {wrong[0][0]:g}, y = {wrong[0][1]:g}"} if wrong else None
        return {
            "id": f"{self.name}.1",
            "statement": " = ".join(self.latex),
            "expected": "holds",
            "verdict": "refuted" if wrong else "cross-checked",
            "compared": len(pairs),
            "sizes": None,
            "max_error": None,
            "source": "waves/identities.py:1",
            "counterexample": differs,
        }

    def _repr_latex_(self) -> str:
        return f"$$ {' = '.join(self.latex)} $$"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        left, right = self.latex
        lines = [{"part": "1", "latex": right, "reason": "addition"}]
        return {
            MEDIA_TYPE: {
                "id": self.name,
                "title": "The sine of a sum",
                "claims": [self.claim()],
                "start": left,
                "lines": lines,
            }
        }


SINE = Identity(
    "waves.sine",
    (r"\sin(x + y)", r"\sin x \cos y + \cos x \sin y"),
    lambda x, y: sin(x + y),
    lambda x, y: sin(x) * cos(y) + cos(x) * sin(y),
)
