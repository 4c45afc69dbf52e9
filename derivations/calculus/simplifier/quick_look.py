"""Can a polynomial in atoms be zero? Its value at random numbers: a quick no spares a long search for a proof.

All sizes are 2. As an atom is an entry of an array, so its value is: one array a template, with an axis a hole, worked
out once. Where the value is not 0, there is no proof as long as the names stay names. A wrong no would cost a proof,
never make one.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from derivations.calculus.functions import function_named
from derivations.calculus.simplifier.atoms import Atom, Delta, Entry, Scalar
from derivations.calculus.simplifier.composites import POWER, SUM, Composite, Template, templates_in
from derivations.calculus.simplifier.polynomials import Monomial, Polynomial
from derivations.calculus.simplifier.subscripts import Fixed, Hole, Labelled, Subscript

__all__ = ["may_be_zero"]

Array = npt.NDArray[Any]
SIZE = 2


def may_be_zero(polynomial: Polynomial, sums_to_one: set[tuple[str, int]] | None = None) -> bool:
    """Whether its value at random numbers is 0 to rounding, or isn't a number."""
    sample = _Sample(dict(sums_to_one or ()))
    axes = tuple({root: None for atom in polynomial.atoms for root in atom.roots})
    with np.errstate(all="ignore"):
        sample.work_out(polynomial)
        terms = [sample.monomial(monomial, axes) * float(number) for monomial, number in polynomial]
        value, scale = np.abs(sum(terms)), sum(map(np.abs, terms))
    # A sum inside a single term may cancel, and then the term is no larger than its rounding errors: 1e-16, as all
    # numbers are near 1. A comparison with nan is false.
    return not bool(np.any((value > 1e-9 * scale) & (value > 1e-12)))


class _Sample:
    """Random numbers for all that is no formula, and the values of formulas with them."""

    def __init__(self, sums_to_one: dict[str, int]) -> None:
        self.sums_to_one = sums_to_one
        self.known: dict[Any, Array] = {}

    def work_out(self, polynomial: Polynomial) -> None:
        """The values of all templates, from the inside out, so that none is found by recursion."""
        for template in sorted(templates_in(polynomial), key=lambda template: template.depth):
            self.known[Composite.rank, template.key] = self.template(template)

    def polynomial(self, polynomial: Polynomial, axes: tuple[Subscript, ...]) -> Array:
        return sum((self.monomial(m, axes) * float(c) for m, c in polynomial), np.zeros((SIZE,) * len(axes)))

    def monomial(self, monomial: Monomial, axes: tuple[Subscript, ...]) -> Array:
        value = np.ones((SIZE,) * len(axes))
        for atom, power in monomial.powers.items():
            array, roots = self.factor(atom)
            order = [root for root in axes if root in roots]
            array = array.transpose([roots.index(root) for root in order])
            value = value * array.reshape([SIZE if root in roots else 1 for root in axes]) ** float(power)
        return value

    def factor(self, atom: Atom) -> tuple[Array, list[Subscript]]:
        """An atom's values, with an axis for each index that it depends on."""
        if (atom.rank, atom.head) not in self.known:
            self.known[atom.rank, atom.head] = self.array(atom)
        roots = list(dict.fromkeys(s.root for s in atom.subscripts if not isinstance(s.root, Fixed)))
        at = dict(zip(roots, np.indices((SIZE,) * len(roots)), strict=True))
        return self.known[atom.rank, atom.head][tuple(self.number(s, at) for s in atom.subscripts)], roots

    def number(self, subscript: Subscript, at: dict[Subscript, Array]) -> Any:
        match subscript:
            case Fixed(number):
                return number % SIZE
            case Labelled(labels, of):
                return (self.number(of, at) + zlib.crc32(labels.encode()) % SIZE) % SIZE  # NumPy's int may have 32 bits
        return at[subscript]

    def array(self, atom: Atom) -> Array:
        """What the atom is an entry of."""
        match atom:
            case Scalar(name, _, kind):
                return np.asarray(SIZE) if kind == "size" else _random(name, ())
            case Entry(name, subscripts):
                value, axis = _random(name, (SIZE,) * len(subscripts)), self.sums_to_one.get(name)
                return value if axis is None else value / value.sum(axis=axis, keepdims=True)
            case Delta():
                return np.eye(SIZE)
        raise TypeError(f"no numbers for {atom}")

    def template(self, template: Template) -> Array:
        holes = tuple(Hole(k) for k in range(template.holes))
        if template.kind == SUM:
            return self.contracted(template, holes)
        value = self.polynomial(template.body, holes)
        return value if template.kind == POWER else np.asarray(function_named(template.kind).value(value))

    def contracted(self, template: Template, holes: tuple[Subscript, ...]) -> Array:
        if not all(_is_plain(size) for size in template.sizes):
            return np.full((SIZE,) * len(holes), np.nan)
        [(monomial, number)] = template.body
        numbers: dict[Subscript, int] = {hole: k for k, hole in enumerate(holes)}
        operands: list[Any] = []
        for atom, power in monomial.powers.items():
            array, roots = self.factor(atom)
            operands += [array ** float(power), [numbers.setdefault(root, len(numbers)) for root in roots]]
        return np.asarray(float(number) * np.einsum(*operands, list(range(len(holes))), optimize=len(operands) > 4))


def _is_plain(size: Polynomial) -> bool:
    """Whether it is m, and not m - 1 or 3."""
    [(monomial, number), *rest] = size
    return not rest and number == 1 and [p for a, p in monomial.powers.items() if isinstance(a, Scalar)] == [1]


def _random(name: str, shape: tuple[int, ...]) -> Array:
    """Between 0.5 and 1.5, so that it has a root and a logarithm."""
    return np.random.default_rng(zlib.crc32(name.encode())).random(shape) + 0.5
