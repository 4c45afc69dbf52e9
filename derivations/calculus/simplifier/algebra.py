"""What a rule asks of the simplifier: sums, products, powers and functions of polynomials, each simplified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from derivations.calculus.simplifier.atoms import Delta
from derivations.calculus.simplifier.composites import Composite
from derivations.calculus.simplifier.polynomials import Number, Polynomial
from derivations.calculus.simplifier.products import Product, Sizes
from derivations.calculus.simplifier.signs import Signs
from derivations.calculus.simplifier.subscripts import Named, Subscript

__all__ = ["Algebra"]


class Algebra(Protocol):
    """`rewriting.Simplifier`, as its rules see it."""

    multiplies_out: bool
    signs: Signs
    sums_to_one: set[tuple[str, int]]

    def spend(self, steps: int) -> None: ...

    def simplify(self, *products: Product) -> Polynomial: ...

    def add(self, polynomials: Iterable[Polynomial]) -> Polynomial: ...

    def multiply(self, left: Polynomial, right: Polynomial) -> Polynomial: ...

    def product(self, polynomials: Iterable[Polynomial]) -> Polynomial: ...

    def total(self, polynomial: Polynomial, sizes: Sizes) -> Polynomial: ...

    def power(self, base: Polynomial, power: Number) -> Polynomial: ...

    def keeps_as_factor(self, polynomial: Polynomial) -> bool: ...

    def apply(self, function: str, argument: Polynomial) -> Polynomial: ...

    def delta(self, one: Subscript, other: Subscript) -> Delta | Polynomial: ...

    def reduced(self, polynomial: Polynomial) -> Polynomial: ...

    def new_index(self, size: str = "") -> Named: ...

    def closed(self, of: str, body: Polynomial, sizes: Sizes | None = None) -> Composite: ...

    def opaque(self, function: str, argument: Polynomial) -> Polynomial: ...

    def filling(self, atom: Composite) -> tuple[Mapping[Subscript, Subscript], Sizes]: ...

    def opened(self, product: Product, atom: Composite) -> Product: ...

    def argument(self, atom: Composite) -> Polynomial: ...
