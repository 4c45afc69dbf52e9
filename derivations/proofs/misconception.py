"""A misconception: a statement that is often made and is wrong. It must be refuted; were it true, that is an error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from sympy import Expr

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions
from derivations.calculus.grammar import Index
from derivations.calculus.writers.latex import latex
from derivations.calculus.writers.letters import Letters
from derivations.proofs.claims import Claim, Outcome
from derivations.proofs.equation import Equation
from derivations.proofs.statement import PROVENANCE, Statement

__all__ = ["Misconception"]


class Misconception(Statement):
    """The `claim` in words, left = right as a formula, which does not hold, and in the `correction` what does.

    axes and right_axes are the indices of the two arrays' axes, where the statement is about whole arrays: it is
    refuted already if their shapes can't match.
    """

    def __init__(
        self,
        number: str,
        claim: str,
        left: Expr | int,
        right: Expr | int,
        *,
        correction: str,
        axes: Iterable[Index] | None = None,
        right_axes: Iterable[Index | int] | None = None,
        where: Definitions | None = None,
        assumptions: Assumption | Iterable[Assumption] = (),
    ) -> None:
        super().__init__(claim)
        self.number, self.correction = number, correction
        self.equation = Equation(left, right, axes, right_axes, where, assumptions)

    def claims(self) -> list[Claim]:
        """The one claim, expected to fail."""
        statement = self._written(" = ")
        return [Claim.that(self.equation, self.id, statement, self.address.source, expected="fails")]

    def text(self) -> str:
        """The claim and its correction, as plain text."""
        return f"{self.id} ({self.number})\n  claim: {self.title}\n  correction: {self.correction}"

    def refute(self) -> Self:
        """This misconception, after it was refuted; ClaimError otherwise. What a page shows."""
        return self.verify()

    def _confirmed(self, outcomes: list[Outcome]) -> str:
        return f"refuted: {outcomes[0].decision.counterexample or outcomes[0].decision.reason}"

    def latex(self) -> str:
        """The wrong statement as LaTeX, without delimiters, with a question mark over its equality sign."""
        return self._written(r" \overset{?}{=} ")

    def _written(self, sign: str) -> str:
        sides = self.equation.left, self.equation.right
        return sign.join(latex(side, self.notation, letters=Letters(*sides)) for side in sides)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """What a page shows: the wrong statement as one line, and beside it what holds instead."""
        line = {"claim": self.id, "latex": self.latex(), "shape": ""}
        origin = super()._repr_mimebundle_()[PROVENANCE]
        return {PROVENANCE: origin | {"correction": self.correction, "equations": [line]}}
