"""The value of a normal form, by plain loops: what each rule must leave as it is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from derivations.calculus.normal_form import Atom, NormalForm, Ref

__all__ = ["NormalFormLoops"]

Place = Mapping[Ref, int]


class NormalFormLoops:
    """Values and sizes by name."""

    def __init__(self, values: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
        self.values, self.sizes = {"E": math.e, **values}, sizes

    def at(self, form: NormalForm, place: Place) -> float:
        total = []
        for (bound, factors), coefficient in form:
            lengths = [range(round(self.at(size, place))) for _, size in bound]
            for numbers in itertools.product(*lengths):
                inner = {**place, **{ref: k for (ref, _), k in zip(bound, numbers, strict=True)}}
                powers = [self.atom(atom, inner) ** float(power) for atom, power in factors]
                total.append(float(coefficient) * math.prod(powers))
        return math.fsum(total)

    def number(self, ref: Ref, place: Place) -> int:
        if ref[0] == "number":
            return int(ref[1])
        if ref[0] == "label":
            return int(self.values[ref[1]][self.number(ref[2], place)])
        return place[ref]

    def atom(self, atom: Atom, place: Place) -> float:
        match atom:
            case ("scalar", name, _):
                return float(self.sizes[name] if name in self.sizes else self.values[name])
            case ("entry", name, refs):
                return float(np.asarray(self.values[name])[tuple(self.number(ref, place) for ref in refs)])
            case ("delta", one, two):
                return float(self.number(one, place) == self.number(two, place))
            case ("sum", form):
                return self.at(form, place)
            case ("apply", "exp", form):
                return math.exp(self.at(form, place))
            case ("apply", "log", form):
                return math.log(self.at(form, place))
            case ("apply", "step", form):
                return float(self.at(form, place) > 0)
        raise AssertionError(f"an unknown atom: {atom}")
