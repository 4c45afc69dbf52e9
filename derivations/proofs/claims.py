"""A claim: one equation, or one comparison with code, with an address, and whether it is expected to hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from derivations.calculus.writers.text import text
from derivations.proofs import verdicts
from derivations.proofs.decide import decide
from derivations.proofs.decision import Decision
from derivations.proofs.equation import Equation

__all__ = ["Claim", "ClaimError", "Outcome"]

Expected = Literal["holds", "fails"]


class ClaimError(AssertionError):
    """A claim that isn't as it should be: refuted or undecided where it should hold, or true where it should fail."""


@dataclass(frozen=True)
class Claim:
    """What is claimed (`statement`, in LaTeX), where it is written (`source`, file:line), and how it is decided.

    `step` is the reason that a derivation gives for it, `equation` is what is decided, if it is an equation. A claim
    with a `key` is decided once: the store of verdicts remembers it.
    """

    id: str
    statement: str
    source: str
    decide: Callable[[], Decision]
    expected: Expected = "holds"
    step: str = ""
    equation: Equation | None = None
    key: str = ""

    @classmethod
    def that(
        cls, equation: Equation, id: str, statement: str, source: str, expected: Expected = "holds", step: str = ""
    ) -> Claim:
        """The claim that an equation holds, or that it fails."""
        return cls(
            id, statement, source, partial(decide, equation), expected, step, equation, verdicts.key_of(equation)
        )

    @property
    def known(self) -> Outcome | None:
        """What has been found already; None if the claim is not decided yet."""
        decision = verdicts.current().known(self.key)
        return None if decision is None else Outcome(self, decision, seconds=0)

    def check(self) -> Outcome:
        """Decide the claim. Never raises: whatever goes wrong, the outcome names the claim and says what it was."""
        start = time.perf_counter()
        try:
            decision = verdicts.current().decide(self.key, self.decide)
        except Exception as error:
            decision = Decision("undecided", reason=f"{type(error).__name__}: {error}")
        return Outcome(self, decision, time.perf_counter() - start)


@dataclass(frozen=True)
class Outcome:
    """A claim with its decision."""

    claim: Claim
    decision: Decision
    seconds: float

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the expected one; undecided never is."""
        wanted = {"holds": ("proven", "cross-checked"), "fails": ("refuted",)}
        return self.decision.verdict in wanted[self.claim.expected]

    def __str__(self) -> str:
        """One line: which claim, the verdict, the step's reason, and why."""
        expected = "" if self.as_expected else f", expected that it {self.claim.expected}"
        step = f", at the step {self.claim.step!r}" if self.claim.step else ""
        why = self.decision.counterexample or self.decision.reason
        found = f"{self.decision.verdict}{expected}{step}"
        where = f" ({self.claim.source})" if self.claim.source else ""
        return f"{self.claim.id}{where}: {found}" + (f": {why}" if why else "")

    def explanation(self) -> str:
        """The same in some ten lines: the step, its two sides, where they differ, and the numbers put in."""
        lines = [f"{self.claim.id}: {self.decision.verdict}", f"  {self.claim.source}"]
        if self.claim.step:
            lines.append(f"  the step: {self.claim.step}")
        if self.claim.equation is not None:
            lines += [f"      {text(self.claim.equation.left)}", f"    = {text(self.claim.equation.right)}"]
        lines.append(f"  {self.decision.counterexample or self.decision.reason or 'expected to fail, but it holds'}")
        return "\n".join([*lines, *(f"  with {line}" for line in self._given())])

    def _given(self) -> list[str]:
        values = getattr(self.decision.counterexample, "values", {})
        return [_short(f"{name} = {value}") for name, value in values.items()][:MOST_GIVEN]

    def as_json(self) -> dict[str, Any]:
        """The claim's entry in the report."""
        return {
            "id": self.claim.id,
            "statement": self.claim.statement,
            "step": self.claim.step,
            "expected": self.claim.expected,
            **self.decision.as_json(),
            "seconds": round(self.seconds, 4),
            "source": self.claim.source,
            "key": self.claim.key,
        }


MOST_GIVEN = 4
WIDTH = 100


def _short(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
