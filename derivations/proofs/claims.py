"""A claim: one equation with an address, and whether it is expected to hold."""

from __future__ import annotations

import inspect
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from derivations.calculus.writers.notation import Notation, notation_of
from derivations.proofs.decision import Decision
from derivations.proofs.equation import finite
from derivations.proofs.verdicts import reported_decision

__all__ = ["PROVENANCE", "Claim", "ClaimError", "Outcome", "Statement"]

PROVENANCE = "application/vnd.checked-backprop.provenance+json"
"""The media type of a formula's provenance among a cell's outputs."""


class ClaimError(AssertionError):
    """A claim that isn't as it should be: refuted or undecided where it should hold, or true where it should fail."""


@dataclass(frozen=True)
class Claim:
    """What is claimed (`statement`, in LaTeX), where it stands (`source`, file:line), and how it is decided."""

    id: str
    statement: str
    source: str
    decide: Callable[[], Decision]
    expected: Literal["holds", "fails"] = "holds"

    def check(self) -> Outcome:
        """Decide the claim. Never raises: whatever goes wrong, the outcome names the claim and says what it was."""
        start = time.perf_counter()
        try:
            decision = self.decide()
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
        """One line: which claim, the verdict, and why."""
        expected = "" if self.as_expected else f", expected that it {self.claim.expected}"
        why = self.decision.counterexample or self.decision.reason
        return f"{self.claim.id} ({self.claim.source}): {self.decision.verdict}{expected}" + (f": {why}" if why else "")

    def as_json(self) -> dict[str, Any]:
        """The claim's entry in the report."""
        found = self.decision.counterexample
        return {
            "id": self.claim.id,
            "statement": self.claim.statement,
            "expected": self.claim.expected,
            "verdict": self.decision.verdict,
            "sizes": self.decision.sizes,
            "compared": self.decision.compared,
            "max_error": finite(self.decision.max_error),
            "tolerance": self.decision.tolerance,
            "counterexample": None if found is None else found.as_json(),
            "seconds": round(self.seconds, 4),
            "source": self.claim.source,
        }


class Statement(ABC):
    """What a chapter's module defines: it knows the module and the line where it stands, and by which name."""

    def __init__(self, title: str) -> None:
        frame = inspect.currentframe()
        while frame is not None and isinstance(frame.f_locals.get("self"), Statement):
            frame = frame.f_back
        assert frame is not None
        self.title = title
        self.outcomes: tuple[Outcome, ...] = ()
        self.module: str = frame.f_globals["__name__"]
        self.line: int = frame.f_lineno
        self._file = Path(frame.f_code.co_filename)

    @property
    def id(self) -> str:
        """The chapter and the name there, `softmax_cross_entropy.dZ2_with_labels`."""
        module = sys.modules.get(self.module)
        named = [name for name, value in vars(module).items() if value is self] if module else []
        return f"{self.module.rpartition('.')[2]}.{named[0] if named else 'unnamed'}"

    def source(self, line: int | None = None) -> str:
        """file:line, with the file as seen from the project's folder."""
        package = self.module.partition(".")[0]
        parts = self._file.parts
        start = parts.index(package) if package in parts else len(parts) - 1
        return f"{'/'.join(parts[start:])}:{line or self.line}"

    @property
    def notation(self) -> Notation:
        """How the module in which it is defined writes its names."""
        return notation_of(self.module)

    @abstractmethod
    def claims(self) -> list[Claim]:
        """All that this statement claims."""

    @abstractmethod
    def latex(self) -> str:
        """How it is written in LaTeX, without delimiters."""

    @abstractmethod
    def text(self) -> str:
        """How it is written in plain text."""

    def verify(self) -> Self:
        """This statement, after all its claims were checked; ClaimError with the first that isn't as expected.

        A chapter's statement takes its verdicts from the report of the build that executes the page, if there is one.
        """
        if not self.outcomes:
            self.outcomes = tuple(self._reported(claim) or claim.check() for claim in self.claims())
        for outcome in self.outcomes:
            if not outcome.as_expected:
                raise ClaimError(str(outcome))
        return self

    def _reported(self, claim: Claim) -> Outcome | None:
        """A page's own statements are in no report."""
        decision = reported_decision(claim) if self.module.startswith("derivations.") else None
        return None if decision is None else Outcome(claim, decision, seconds=0)

    def provenance(self) -> list[dict[str, Any]]:
        """The claims as in the report, but for the time they took, which is another in each build."""
        if not self.outcomes:
            self.verify()
        entries = [outcome.as_json() for outcome in self.outcomes]
        return [{key: value for key, value in entry.items() if key != "seconds"} for entry in entries]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """What a page shows: the formula only with its provenance. (A notebook adds the other forms.)"""
        return {PROVENANCE: {"id": self.id, "title": self.title, "claims": self.provenance()}}
