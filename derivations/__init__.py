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
from derivations.proofs.erratum import Erratum
from derivations.proofs.results import Results

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
