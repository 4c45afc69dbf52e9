"""Definitions: what names stand for, read as polynomials when they are needed.

`{P[c, i]: exp(Z[c, i]) / sum_over(d, exp(Z[d, i])), ...}` defines P by Z. A name that occurs in an expression stays a
name. Derivatives go through it, and `without_deepest` puts its definition in its place, level by level: first of the
names that are made of most others, so that P becomes exp(Z) / sum exp(Z) while Z stays.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from functools import cache, partial

from sympy import Symbol

from derivations.calculus.definitions import Definitions, DerivativeError, name_of
from derivations.calculus.evaluate import shape_of
from derivations.calculus.grammar import Index, Local, UnevaluatedDerivative, check_expression, entry
from derivations.calculus.simplifier.atoms import Atom, Entry, Scalar
from derivations.calculus.simplifier.budget import StepLimitExceeded
from derivations.calculus.simplifier.conditions import Condition
from derivations.calculus.simplifier.dependencies import Dependencies
from derivations.calculus.simplifier.derivatives import Differentiation
from derivations.calculus.simplifier.polynomials import Polynomial
from derivations.calculus.simplifier.reading import Reader, by_definition, element, scalar, subscript
from derivations.calculus.simplifier.rewriting import Simplifier
from derivations.calculus.simplifier.subscripts import Hole, Named, Subscript
from derivations.calculus.simplifier.substitution import Replacement, filled
from derivations.calculus.simplifier.written_signs import is_nonnegative_as_written

__all__ = ["ReaderOfNames"]


class ReaderOfNames(Reader):
    """Reads expressions with derivatives and with names that are defined."""

    def __init__(self, simplifier: Simplifier, where: Definitions) -> None:
        super().__init__(simplifier)
        self.dependencies = Dependencies(where)
        self.definitions, self.depends = self.dependencies.definitions, self.dependencies.depends
        self.body, self._total = cache(self._body), cache(self._total_derivative)
        self._signs: dict[str, bool] = {}
        self._nonnegative: dict[str, bool] = {}
        simplifier.signs.by_definition = self.is_positive
        simplifier.signs.nonnegative_by_definition = self.is_nonnegative

    def _body(self, name: str) -> Polynomial:
        """What a name stands for, with holes for its indices."""
        pattern, body = self.definitions[name]
        check_expression(pattern)
        indices = () if isinstance(pattern, Symbol) else entry(pattern)[1]
        holes: dict[Subscript, Subscript] = {
            subscript(index): Hole(k) for k, index in enumerate(indices) if isinstance(index, Index)
        }
        if len(holes) + sum(length == 1 for length in shape_of(pattern)) < len(indices):
            raise ValueError(
                f"{pattern} is only a part of {name}: a definition gives all entries, by different indices"
            )
        polynomial = self.read_checked(body)
        loose = sorted(str(root) for root in polynomial.roots - holes.keys() if isinstance(root, Named))
        if loose:
            raise ValueError(f"the definition of {pattern} has the index {loose[0]}, which {pattern} does not have")
        return polynomial.renumbered(holes)

    def _with_holes(self, name: str) -> Atom:
        """The name as its definition has it, with the holes of its body."""
        pattern = self.definitions[name][0]
        if isinstance(pattern, Symbol):
            return scalar(pattern)
        filled_by = [Hole(k) if isinstance(i, Index) else subscript(i) for k, i in enumerate(entry(pattern)[1])]
        return Entry(name, tuple(filled_by))

    def is_positive(self, name: str) -> bool:
        """Whether a name is positive by its definition."""
        if name in self.definitions and name not in self._signs:
            for other in [*self.dependencies.below(name), name]:
                self._signs[other] = self._signs.get(other) or self.simplifier.signs.positive(self.body(other))
        return self._signs.get(name, False)

    def is_nonnegative(self, name: str) -> bool:
        """Whether a name can't be negative by its definition, as it is written."""
        if name in self.definitions and name not in self._nonnegative:
            body = self.definitions[name][1]
            self._nonnegative[name] = self.is_positive(name) or is_nonnegative_as_written(body, self.is_nonnegative)
        return self._nonnegative.get(name, False)

    def definition(self, atom: Atom) -> Polynomial | None:
        """What an entry or a scalar stands for; None if it is not defined."""
        name = _name(atom)
        return filled(self.body(name), atom.subscripts, self.simplifier) if name in self.definitions else None

    # Derivatives

    def derivative(self, expr: UnevaluatedDerivative) -> Polynomial:
        """A total derivative goes through every name but that of `wrt`; a local one through none.

        DerivativeError if there is nothing to differentiate, which is hardly ever meant.
        """
        check_expression(expr.wrt)
        wrt = scalar(expr.wrt) if isinstance(expr.wrt, Symbol) else element(expr.wrt)
        if _name(wrt) in {array for array, _ in self.simplifier.sums_to_one}:
            raise DerivativeError(f"{_name(wrt)} is assumed to sum to 1: no entry of it can change by itself")
        local = isinstance(expr, Local)
        inner = self._first_definition(self.read(expr.expr), _name(wrt)) if local else self.read(expr.expr)
        if not any(name == _name(wrt) if local else self.depends(name, _name(wrt)) for name in inner.names):
            raise DerivativeError(_nothing_to_differentiate(expr, self.definitions))
        derivative = (Differentiation(wrt, self.simplifier) if local else self._total(wrt)).of(inner)
        self._need_slopes(_name(wrt))
        return derivative

    def _need_slopes(self, name: str) -> None:
        """A root has a value at 0, but no derivative."""
        for condition in list(self.provided):
            if condition.relation == ">= 0" and any(self.depends(other, name) for other in condition.base.names):
                del self.provided[condition]
                self.need(condition.base, "> 0")

    def _first_definition(self, polynomial: Polynomial, held: str) -> Polynomial:
        """Of a name alone, what it stands for."""
        if len(polynomial.atoms) == 1 and polynomial.terms:
            [atom] = polynomial.atoms
            if _name(atom) != held:
                return Replacement(self.simplifier, self.definition).of(polynomial)
        return polynomial

    def _total_derivative(self, wrt: Entry | Scalar) -> Differentiation:
        """Through names: each name's derivative is worked out after those of the names that it is made of."""
        slopes: dict[str, Polynomial] = {}

        def through(atom: Atom) -> Polynomial:
            name = _name(atom)
            if name not in slopes:
                for other in [*self.dependencies.below(name), name]:
                    if other not in slopes and self.depends(other, _name(wrt)) and other != _name(wrt):
                        slopes[other] = derivative.of_name(self._with_holes(other), self.body(other))
            return filled(slopes[name], atom.subscripts, self.simplifier)

        derivative = Differentiation(wrt, self.simplifier, through, self.depends)
        return derivative

    # What has to hold

    def conditions(self) -> tuple[str, ...]:
        """What is provided and not known, the strongest of each base, whatever its indices are called."""
        found: dict[object, Condition] = {}
        for condition in self.provided:
            if not self._follows(condition):
                key = condition.key(self.simplifier)
                found[key] = found[key].and_(condition) if key in found else condition
        return tuple(map(str, found.values()))

    def _follows(self, condition: Condition) -> bool:
        """Whether it follows from the definitions: 1 - A is positive if A is a sigmoid."""
        simplifier = self.simplifier.multiplying_out()
        base: Polynomial | None = condition.base
        try:
            while base is not None:
                by_exp = Replacement(simplifier, apply=partial(by_definition, simplifier=simplifier)).of(base)
                if Condition(by_exp, condition.relation).is_known(simplifier):
                    return True
                base = self.without_deepest(base)
        except StepLimitExceeded:
            pass
        return False

    # Level by level

    def without_deepest(self, polynomial: Polynomial) -> Polynomial | None:
        """With the definitions of the names that are made of most others in their place; None if none is defined."""
        defined = polynomial.names & self.definitions.keys()
        if not defined:
            return None
        levels = self.dependencies.levels
        deepest = max(levels[name] for name in defined)
        level = {name for name in defined if levels[name] == deepest}
        return Replacement(self.simplifier, partial(self._definition_if, level)).of(polynomial)

    def _definition_if(self, names: Set[str], atom: Atom) -> Polynomial | None:
        return self.definition(atom) if _name(atom) in names else None


def _name(atom: Atom) -> str:
    return atom.array if isinstance(atom, Entry) else atom.name if isinstance(atom, Scalar) else ""


def _nothing_to_differentiate(expr: UnevaluatedDerivative, defined: Collection[str]) -> str:
    name = name_of(expr.expr) if not expr.expr.args or hasattr(expr.expr, "parent") else ""
    undefined = f"{name} has no definition and" if name and name not in defined else f"{expr.expr}"
    return f"{undefined} does not contain {name_of(expr.wrt)}"
