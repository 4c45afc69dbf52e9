"""Backpropagation, derived and proven for every network size at once. Each chapter is a module of this package."""

from derivations.calculus import (
    Index,
    Partial,
    ShapeError,
    SumsToOne,
    array,
    delta,
    label,
    size,
    sum_over,
)
from derivations.proofs.claims import ClaimError
from derivations.proofs.derivation import Derivation
from derivations.proofs.equation_block import EquationBlock
from derivations.proofs.misconception import Misconception

__all__ = [
    "ClaimError",
    "Derivation",
    "EquationBlock",
    "Index",
    "Misconception",
    "Partial",
    "ShapeError",
    "SumsToOne",
    "array",
    "delta",
    "label",
    "size",
    "sum_over",
]
