"""An erratum: a statement that is often made and is wrong. It is expected to fail; that it holds would be an error."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Self

from sympy import Expr, sympify

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions
from derivations.calculus.grammar import Index
from derivations.calculus.writers.latex import latex
from derivations.proofs.claims import PROVENANCE, Claim, Statement
from derivations.proofs.decide import decide
from derivations.proofs.decision import Decision
from derivations.proofs.equation import Equation

__all__ = ["Erratum"]


class Erratum(Statement):
    """ "left = right" is said, and does not hold; `holds` says in words what does.

    axes and right_axes are the indices of the two arrays' axes, where the statement is about whole arrays: it is
    refuted already if their shapes can't match.
    """

    def __init__(
        self,
        number: str,
        says: str,
        left: Expr | int,
        right: Expr | int,
        *,
        holds: str,
        axes: tuple[Index, ...] = (),
        right_axes: tuple[Index | int, ...] | None = None,
        where: Definitions | None = None,
        assumptions: Iterable[Assumption] = (),
    ) -> None:
        super().__init__(says)
        self.number, self.holds = number, holds
        self.equation = Equation(sympify(left), sympify(right), axes, right_axes, dict(where or {}), tuple(assumptions))

    def claims(self) -> list[Claim]:
        """The one claim, expected to fail."""
        statement = f"{latex(self.equation.left)} = {latex(self.equation.right)}"
        return [Claim(self.id, statement, self.source(), partial(decide, self.equation), expected="fails")]

    def decision(self) -> Decision:
        """The verdict, with the counterexample."""
        return self.outcomes[0].decision if self.outcomes else decide(self.equation)

    def text(self) -> str:
        """What is said, what holds, and where the statement fails, as plain text."""
        decision = self.decision()
        found = decision.counterexample or decision.reason
        return f"{self.id} ({self.number})\n  said:  {self.title}\n  holds: {self.holds}\n  {decision.verdict}: {found}"

    def refuted(self) -> Self:
        """This erratum, after it was refuted; ClaimError otherwise. What a page shows."""
        return self.checked()

    def latex(self) -> str:
        """The wrong statement as LaTeX, without delimiters, with a question mark over its equality sign."""
        return rf"{latex(self.equation.left)} \overset{{?}}{{=}} {latex(self.equation.right)}"

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}\n$$"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {PROVENANCE: super()._repr_mimebundle_()[PROVENANCE] | {"holds": self.holds}}

    def __repr__(self) -> str:
        return self.text()
