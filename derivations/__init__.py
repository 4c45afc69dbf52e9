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
from derivations.claim import ClaimError
from derivations.derivation import Derivation
from derivations.erratum import Erratum
from derivations.results import Results

__all__ = [
    "ClaimError",
    "Derivation",
    "Erratum",
    "Index",
    "Partial",
    "Results",
    "ShapeError",
    "SumsToOne",
    "array",
    "delta",
    "label",
    "size",
    "sum_over",
]
