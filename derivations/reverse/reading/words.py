"""The words of the grammar: reductions, functions, and what would do instead of those that aren't there."""

from __future__ import annotations

import difflib

from derivations.calculus.functions import FUNCTIONS

__all__ = ["FUNCTION", "REDUCTIONS", "WORDS", "no_function"]

REDUCTIONS = ("sum", "mean", "softmax", "logsumexp")
WORDS = {"size", "delta", "pi"}

FUNCTION = {function.name: function for function in FUNCTIONS}
FUNCTION["abs"] = FUNCTION["absolute"]

INSTEAD = {
    "max": "max(a, b) is b + relu(a - b)",
    "maximum": "maximum(a, b) is b + relu(a - b)",
    "Max": "Max(a, b) is b + relu(a - b)",
    "min": "min(a, b) is b - relu(b - a)",
    "minimum": "minimum(a, b) is b - relu(b - a)",
    "where": "where(z > 0, a, b) is b + step(z) * (a - b)",
    "matmul": "a matrix product is a sum: sum[k](A[i, k] * B[k, j])",
    "dot": "a matrix product is a sum: sum[k](A[i, k] * B[k, j])",
}
"""What would do instead of a function that isn't there."""


def no_function(name: str) -> str:
    """That there is no such function, and what would do instead."""
    short = name.rpartition(".")[2]
    known = [*FUNCTION, *(f"{reduction}[i]" for reduction in REDUCTIONS)]
    if short in REDUCTIONS:
        return f"{short} needs its index: {short}[i](...)"
    if short in FUNCTION:
        return f"write {short}(...), without {name.rpartition('.')[0]}"
    if INSTEAD.get(short):
        return f"there is no {short}: {INSTEAD[short]}"
    near = difflib.get_close_matches(short, known, n=1)
    guess = f"; did you mean {near[0]}?" if near else ""
    return f"there is no function {short}{guess} (there are {', '.join(known)})"
