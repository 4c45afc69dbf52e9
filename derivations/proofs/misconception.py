"""A misconception: a statement that is often made and is wrong. It must be refuted; were it true, that is an error."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Self

from sympy import Expr, sympify

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions
from derivations.calculus.grammar import Index
from derivations.calculus.writers.latex import latex
from derivations.calculus.writers.letters import Letters
from derivations.proofs.claims import PROVENANCE, Claim, Statement
from derivations.proofs.decide import decide
from derivations.proofs.decision import Decision
from derivations.proofs.equation import Equation

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
        axes: tuple[Index, ...] = (),
        right_axes: tuple[Index | int, ...] | None = None,
        where: Definitions | None = None,
        assumptions: Iterable[Assumption] = (),
    ) -> None:
        super().__init__(claim)
        self.number, self.correction = number, correction
        self.equation = Equation(sympify(left), sympify(right), axes, right_axes, dict(where or {}), tuple(assumptions))

    def claims(self) -> list[Claim]:
        """The one claim, expected to fail."""
        statement = self._written(" = ")
        return [Claim(self.id, statement, self.source(), partial(decide, self.equation), expected="fails")]

    def decision(self) -> Decision:
        """The verdict, with the counterexample."""
        return self.outcomes[0].decision if self.outcomes else decide(self.equation)

    def text(self) -> str:
        """The claim, its correction, and where it fails, as plain text."""
        decision = self.decision()
        found = decision.counterexample or decision.reason
        return "\n".join(
            [
                f"{self.id} ({self.number})",
                f"  claim: {self.title}",
                f"  correction: {self.correction}",
                f"  {decision.verdict}: {found}",
            ]
        )

    def refute(self) -> Self:
        """This misconception, after it was refuted; ClaimError otherwise. What a page shows."""
        return self.verify()

    def latex(self) -> str:
        """The wrong statement as LaTeX, without delimiters, with a question mark over its equality sign."""
        return self._written(r" \overset{?}{=} ")

    def _written(self, sign: str) -> str:
        sides = self.equation.left, self.equation.right
        return sign.join(latex(side, self.notation, letters=Letters(*sides)) for side in sides)

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}\n$$"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {PROVENANCE: super()._repr_mimebundle_()[PROVENANCE] | {"correction": self.correction}}

    def __repr__(self) -> str:
        return self.text()
