"""What has to hold for an expression to be defined: nothing is divided by 0, roots and logarithms have arguments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from derivations.calculus.simplifier.polynomials import Polynomial
from derivations.calculus.simplifier.powers import extracted
from derivations.calculus.simplifier.rewriting import Simplifier

__all__ = ["Condition", "Relation"]

Relation = Literal["!= 0", "> 0", ">= 0"]


@dataclass(frozen=True)
class Condition:
    """`s != 0`, where s is divided by; for all values of its indices."""

    base: Polynomial
    relation: Relation

    def is_known(self, simplifier: Simplifier) -> bool:
        """Whether it holds by the signs of what it is made of; ZeroDivisionError if it can't hold.

        Positive denominators and common factors are taken out first: 1 - e / (1 + e) is 1 / (1 + e).
        """
        if not self.base:
            raise ZeroDivisionError(f"0 {self.relation} never holds")
        signs = simplifier.signs
        rest, _ = extracted(self.base, signs.positive_atom, simplifier)
        if signs.positive(rest) or (self.relation == ">= 0" and signs.nonnegative(rest)):
            return True
        negative = signs.positive(rest.scaled(-1))
        if negative and self.relation != "!= 0":
            raise ZeroDivisionError(f"{self} never holds")
        return negative

    def key(self, simplifier: Simplifier) -> object:
        """The base, whatever its indices are called."""
        return simplifier.closed("condition", self.base).template

    def and_(self, other: Condition) -> Condition:
        """Both, for one base: x >= 0 and x != 0 is x > 0."""
        return self if self.relation == other.relation else Condition(self.base, "> 0")

    def __str__(self) -> str:
        # An index that was renamed on the way, i#7, is written as it was: the condition is for all its values.
        return re.sub(r"#\d+", "", f"{self.base} {self.relation}")
