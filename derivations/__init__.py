"""Backpropagation, derived and proven for every network size at once. Each chapter is a module of this package."""

import os
from pathlib import Path

from derivations.calculus import (
    Index,
    Local,
    Partial,
    Positive,
    ShapeError,
    SumsToOne,
    array,
    delta,
    label,
    size,
    sum_over,
)
from derivations.proofs import verdicts
from derivations.proofs.claims import ClaimError
from derivations.proofs.derivation import Derivation
from derivations.proofs.equation_block import EquationBlock
from derivations.proofs.misconception import Misconception
from derivations.reverse import FormulaError, Layer, derive

__all__ = [
    "ClaimError",
    "Derivation",
    "EquationBlock",
    "FormulaError",
    "Index",
    "Layer",
    "Local",
    "Misconception",
    "Partial",
    "Positive",
    "ShapeError",
    "SumsToOne",
    "array",
    "delta",
    "derive",
    "label",
    "size",
    "sum_over",
]

# A build that has checked every claim hands its report to the pages that it executes.
if _report := os.environ.get("CHECKED_REPORT"):
    verdicts.use(verdicts.VerdictStore.read(Path(_report)))
