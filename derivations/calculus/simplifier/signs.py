"""Which atoms and polynomials are known to be positive, or nonnegative, wherever they are defined."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from derivations.calculus.assumptions import Assumption, Positive
from derivations.calculus.functions import function_named
from derivations.calculus.simplifier.atoms import Atom, Delta, Entry, Scalar
from derivations.calculus.simplifier.composites import POWER, SUM, Composite, Template
from derivations.calculus.simplifier.polynomials import ONE, Monomial, Number, Polynomial

__all__ = ["Signs"]


class Signs:
    """What is positive by assumption, and what follows from that."""

    def __init__(self, assuming: Iterable[Assumption] = ()) -> None:
        self.assumed = {fact.array for fact in assuming if isinstance(fact, Positive)}
        self.by_definition: Callable[[str], bool] = lambda _: False
        """Whether a name is positive by its definition, as probabilities are; set by who knows the definitions."""
        self.nonnegative_by_definition: Callable[[str], bool] = lambda _: False
        self._known: dict[tuple[Template, bool], bool] = {}

    def positive(self, polynomial: Polynomial) -> bool:
        """A sum of nonnegative terms, one of them positive: x**2 + exp(z)."""
        return self.nonnegative(polynomial) and any(map(self._positive_term, polynomial))

    def nonnegative(self, polynomial: Polynomial) -> bool:
        return all(number > 0 and self._nonnegative_monomial(monomial) for monomial, number in polynomial)

    def _positive_term(self, term: tuple[Monomial, Number]) -> bool:
        return all(map(self.positive_atom, term[0].powers))

    def _nonnegative_monomial(self, monomial: Monomial) -> bool:
        return all(
            power % 2 == 0 or power.denominator != 1 or self.nonnegative_atom(atom)
            for atom, power in monomial.powers.items()
        )

    def positive_atom(self, atom: Atom) -> bool:
        match atom:
            case Scalar(name, sign, _):
                return sign == "positive" or self._positive_name(name)
            case Entry(array, _):
                return self._positive_name(array)
            case Composite(template, _):
                return self._of_template(template, strictly=True)
        return False

    def _positive_name(self, name: str) -> bool:
        return name in self.assumed or self.by_definition(name)

    def nonnegative_atom(self, atom: Atom) -> bool:
        match atom:
            case Delta():
                return True
            case Scalar(_, "nonnegative", _):
                return True
            case Composite(template, _):
                return self._of_template(template, strictly=False)
            case Scalar(name, _, _) | Entry(name, _):
                return self.positive_atom(atom) or self.nonnegative_by_definition(name)
        return self.positive_atom(atom)

    def _of_template(self, template: Template, strictly: bool) -> bool:
        if (template, strictly) not in self._known:
            self._known[template, strictly] = self._decided(template, strictly)
        return self._known[template, strictly]

    def _decided(self, template: Template, strictly: bool) -> bool:
        if template.kind == "log":  # of more than 1
            return self.positive(template.body - ONE)
        if template.kind not in (SUM, POWER):
            return function_named(template.kind).range in (["positive"] if strictly else ["positive", "nonnegative"])
        # A sum over m - 1 indices is empty for m = 1, and an empty sum is 0.
        inside = self.positive(template.body) if strictly else self.nonnegative(template.body)
        return inside and (not strictly or all(map(self.positive, template.sizes)))
