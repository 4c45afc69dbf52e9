"""What a chapter's module defines, by a name: a derivation, a misconception, or a comparison with code."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Any, Self

from derivations.calculus.writers.notation import Notation, notation_of
from derivations.proofs.claims import Claim, ClaimError, Outcome
from derivations.proofs.registry import Registered

__all__ = ["PROVENANCE", "Statement"]

PROVENANCE = "application/vnd.checked-backprop.provenance+json"
"""The media type of a formula's provenance among a cell's outputs."""

NOT_CHECKED = "not checked yet"


class Statement(Registered, ABC):
    """What is stated, and all that it claims. It can't be changed: a verdict belongs to what was decided."""

    def __init__(self, title: str) -> None:
        self.title = title

    def __setattr__(self, name: str, value: object) -> None:
        if name in self.__dict__:
            raise AttributeError(f"{self.id}: {name} can't be changed, a verdict belongs to what was decided")
        super().__setattr__(name, value)

    @property
    def id(self) -> str:
        """The chapter and the name there, `softmax_cross_entropy.dZ2_with_labels`."""
        return self.address.id

    @property
    def notation(self) -> Notation:
        """How the module in which it is defined writes its names."""
        return notation_of(self.address.module)

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
        """This statement, after all its claims were checked; ClaimError with the first that isn't as expected."""
        outcomes = [claim.known or claim.check() for claim in self.claims()]
        for outcome in outcomes:
            if not outcome.as_expected:
                raise ClaimError(str(outcome) if self.address.file else f"{self.title}: {outcome}")
        return self

    # What is shown says what was found: a false formula never looks like a right one

    def verdict(self) -> str:
        """What was found so far, in words; nothing is decided here."""
        if (wrong := self._found_wrong()) is not None:
            return _in_words(wrong)
        known = [claim.known for claim in self.claims()]
        outcomes = [outcome for outcome in known if outcome is not None]
        return self._confirmed(outcomes) if len(outcomes) == len(known) else NOT_CHECKED

    def _found_wrong(self) -> Outcome | None:
        """The first claim that was checked and isn't as expected, if there is one; nothing is decided here."""
        known = (claim.known for claim in self.claims())
        return next((outcome for outcome in known if outcome is not None and not outcome.as_expected), None)

    @abstractmethod
    def _confirmed(self, outcomes: list[Outcome]) -> str:
        """The verdict in words where every claim is as expected."""

    def provenance(self) -> list[dict[str, Any]]:
        """The claims as in the report, but for the time they took, which is another in each build."""
        return [_without_time(claim) for claim in self.claims()]

    def __repr__(self) -> str:
        return f"{self.text()}\n  {self.verdict()}"

    def _repr_latex_(self) -> str:
        words = re.sub(r"([&%$#_{}])", r"\\\1", self.verdict().replace("\\", "").replace("^", "**"))
        return f"$$\n\\begin{{gathered}}\n{self.latex()} \\\\\n\\text{{{words}}}\n\\end{{gathered}}\n$$"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """What a page shows: the formula only with its provenance. (A notebook adds the other forms.)"""
        return {PROVENANCE: {"id": self.id, "title": self.title, "claims": self.provenance()}}


def _in_words(wrong: Outcome) -> str:
    step = f" at the step “{wrong.claim.step}”" if wrong.claim.step else ""
    if wrong.claim.expected == "fails":
        return f"{wrong.decision.verdict}, though it is said to be wrong"
    why = wrong.decision.counterexample or wrong.decision.reason
    return f"{wrong.decision.verdict}{step}: {why}"


def _without_time(claim: Claim) -> dict[str, Any]:
    outcome = claim.known
    if outcome is None:
        return {"id": claim.id, "statement": claim.statement, "expected": claim.expected, "verdict": NOT_CHECKED}
    return {key: value for key, value in outcome.as_json().items() if key != "seconds"}
