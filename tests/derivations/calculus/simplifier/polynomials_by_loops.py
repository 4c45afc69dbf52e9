"""The value of a polynomial in atoms, by plain loops: what each rule must leave as it is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from derivations.calculus.functions import function_named
from derivations.calculus.simplifier.atoms import Atom, Delta, Entry, Scalar
from derivations.calculus.simplifier.composites import POWER, SUM, Composite
from derivations.calculus.simplifier.polynomials import Polynomial
from derivations.calculus.simplifier.subscripts import Bound, Fixed, Hole, Labelled, Subscript

__all__ = ["PolynomialLoops"]

Place = Mapping[Subscript, int]


class PolynomialLoops:
    """Values and sizes by name."""

    def __init__(self, values: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
        self.values, self.sizes = {"E": math.e, **values}, sizes

    def at(self, polynomial: Polynomial, place: Place) -> float:
        return math.fsum(
            float(number) * math.prod(self.atom(atom, place) ** float(power) for atom, power in monomial.powers.items())
            for monomial, number in polynomial
        )

    def number(self, subscript: Subscript, place: Place) -> int:
        match subscript:
            case _ if subscript in place:
                return place[subscript]
            case Fixed(number):
                return number
            case Labelled(labels, of):
                return int(self.values[labels][self.number(of, place)])
        raise AssertionError(f"no number for {subscript}")

    def atom(self, atom: Atom, place: Place) -> float:
        numbers = [self.number(subscript, place) for subscript in atom.subscripts]
        match atom:
            case Scalar(name):
                return float(self.sizes[name] if name in self.sizes else self.values[name])
            case Entry(array, _):
                return float(np.asarray(self.values[array])[tuple(numbers)])
            case Delta(_):
                return float(numbers[0] == numbers[1])
            case Composite(template, _):
                holes: dict[Subscript, int] = {Hole(k): number for k, number in enumerate(numbers)}
                lengths = [range(round(self.at(size, {}))) for size in template.sizes]
                parts = [
                    self.at(template.body, {**holes, **{Bound(k): n for k, n in enumerate(ns)}})
                    for ns in itertools.product(*lengths)
                ]
                if template.kind in (SUM, POWER):
                    return math.fsum(parts)
                [argument] = parts
                return float(function_named(template.kind).value(argument))
        raise AssertionError(f"an unknown atom: {atom}")
