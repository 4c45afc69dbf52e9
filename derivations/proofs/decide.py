"""Is it equal, for every size and every value? *Proven*, *refuted* with a counterexample, or *undecided*."""

from __future__ import annotations

from derivations.calculus.grammar import Index, ShapeError, check_shapes
from derivations.calculus.prover import prove_equal
from derivations.proofs.decision import Decision, Verdict
from derivations.proofs.equation import Equation, ShapeMismatch
from derivations.proofs.witnesses.floating_point import compare_in_numbers, distinct_sizes

__all__ = ["decide"]

TOLERANCE = 1e-12
"""A proof is also compared in numbers, relative to the larger side or to 1; sums of some ten terms and complex steps
stay below 1e-14. It is no proof by itself: numbers that agree without a proof are undecided."""


def decide(equation: Equation) -> Decision:
    """Decide an equation for all sizes and all real values.

    *Proven* means that both sides have the same normal form **and** agree in numbers. There the derivatives are taken
    by the complex step, so that an error in SymPy's `diff` or in the normal form does not pass unseen.
    """
    mismatch = _shapes_differ(equation)
    if mismatch is not None:
        return Decision("refuted", counterexample=mismatch)
    try:
        for side in (equation.left, equation.right, *equation.where, *equation.where.values()):
            check_shapes(side)
        numbers = compare_in_numbers(equation)
        if numbers.counterexample is not None:
            return Decision("refuted", numbers.sizes, numbers.max_error, TOLERANCE, numbers.counterexample)
        reason = _why_not_proven(equation)
    except ShapeError as error:
        return Decision("refuted", reason=str(error), counterexample=_misfit(error))
    if numbers.max_error is None:
        reason = reason or "no finite numbers to compare"
    elif numbers.max_error > TOLERANCE:
        reason = reason or f"the normal forms are equal, but the numbers differ by {numbers.max_error:.1e}"
    verdict: Verdict = "undecided" if reason else "proven"
    return Decision(verdict, numbers.sizes, numbers.max_error, TOLERANCE, reason=reason, compared=numbers.compared)


def _why_not_proven(equation: Equation) -> str:
    """Empty if proven."""
    proof = prove_equal(equation.left, equation.right, equation.where, equation.assumptions)
    if proof.equal:
        return ""
    return proof.reason or f"no counterexample found, and no proof: what is left over is {proof.left_over}"


# Shapes


def _shapes_differ(equation: Equation) -> ShapeMismatch | None:
    if equation.right_axes is None:
        return None
    axes = (*equation.axes, *equation.right_axes)
    sizes = distinct_sizes({name for axis in axes if isinstance(axis, Index) for name in axis.size.free_symbols})

    def shape(axes: tuple[Index | int, ...]) -> tuple[int, ...]:
        return tuple(int(axis.size.xreplace(sizes)) if isinstance(axis, Index) else axis for axis in axes)

    left, right = shape(equation.axes), shape(equation.right_axes)
    if left == right:
        return None
    return ShapeMismatch({str(name): number for name, number in sizes.items()}, left, right)


def _misfit(error: ShapeError) -> ShapeMismatch | None:
    """Sizes at which an index and its axis differ."""
    if error.taken is None or error.there is None:
        return None
    sizes = distinct_sizes(error.taken.free_symbols | error.there.free_symbols)
    left, right = (int(length.xreplace(sizes)) for length in (error.taken, error.there))
    named = {str(name): number for name, number in sizes.items()}
    return ShapeMismatch(named, (left,), (right,), f"{error}: that is {left} and {right}")
