"""Is it equal, for every size and every value? *Proven*, *refuted* with a counterexample, or *undecided*.

Three ways are taken, which share nothing but the expression, and nothing is proven on which they don't agree:

1. the prover rewrites both sides until their difference is 0, for all sizes at once;
2. an exact witness computes both sides at random points modulo large primes (where it can't, in 100 digits);
3. a look for a counterexample in floating-point numbers, which can be followed by hand.
"""

from __future__ import annotations

from derivations.calculus.grammar import Index
from derivations.calculus.prover import Proof, prove_equal
from derivations.proofs.counterexample import ShapeMismatch, ValueMismatch
from derivations.proofs.decision import Decision
from derivations.proofs.equation import Equation
from derivations.proofs.witnesses.finding import Finding
from derivations.proofs.witnesses.floating_point import Comparison, compare_in_numbers, distinct_sizes
from derivations.proofs.witnesses.high_precision import in_high_precision
from derivations.proofs.witnesses.modular import CHANCE_OF_ERROR, exact

__all__ = ["decide"]

TOLERANCE = 1e-12
"""For the look in floating-point numbers, relative to the larger side, or to the rounding scale where terms cancel. It
is no proof by itself: numbers that agree without a proof are undecided."""


def decide(equation: Equation) -> Decision:
    """Decide an equation for all sizes and all real values.

    >>> from derivations.notation import X, i, j, m, u
    >>> from derivations.calculus import sum_over
    >>> decide(Equation(sum_over(j, X[u, i]), m * X[u, i])).verdict
    'proven'
    """
    mismatch = _shapes_differ(equation)
    if mismatch is not None:
        return Decision("refuted", counterexample=mismatch)
    numbers = compare_in_numbers(equation)
    proof = prove_equal(equation.left, equation.right, equation.where, equation.assumptions)
    if numbers.counterexample is not None and not proof.equal:
        return Decision("refuted", numbers.sizes, numbers.max_error, TOLERANCE, numbers.counterexample)
    witness, found = _second_way(equation)
    if not proof.equal and (near := _too_near_for_floats(equation, found)) is not None:
        return Decision("refuted", near.sizes, numbers.max_error, TOLERANCE, near, witness=witness)
    if doubt := _doubt(proof, numbers, found):
        return Decision("undecided", numbers.sizes, numbers.max_error, TOLERANCE, reason=doubt, witness=witness)
    return Decision(
        "proven",
        numbers.sizes,
        numbers.max_error,
        TOLERANCE,
        compared=numbers.compared,
        provided=proof.provided,
        witness=witness,
    )


def _second_way(equation: Equation) -> tuple[str, Finding]:
    """What the exact witness says, in words; and in 100 digits, where it can't say anything."""
    found = exact(equation)
    if found.agrees:
        return f"exact at {found.points} points, sizes 1 to 2, chance of error below {CHANCE_OF_ERROR:.0e}", found
    if found.disagreement:
        return f"exact: {found}", found
    precise = in_high_precision(equation)
    return f"not exact, because {found.reason}; in 100 digits {precise}", precise


def _too_near_for_floats(equation: Equation, found: Finding) -> ValueMismatch | None:
    """Numbers at which the sides differ in 100 digits, where the exact witness has already found that they differ."""
    return in_high_precision(equation).counterexample if found.disagreement and not found.counterexample else None


def _doubt(proof: Proof, numbers: Comparison, found: Finding) -> str:
    """Why an equation isn't proven, be it that two of the ways disagree; empty if it is."""
    if numbers.counterexample is not None:
        return f"the difference is 0 by the rules, but {numbers.counterexample}"
    if found.disagreement:
        return f"no counterexample found in floating-point numbers, but {found}"
    if not proof.equal:
        return proof.reason or f"no counterexample found, and no proof: what is left over is {proof.left_over}"
    if numbers.max_error is None:
        return "no finite numbers to compare"
    if numbers.max_error > TOLERANCE:
        return f"the difference is 0 by the rules, but in numbers it is {numbers.max_error:.1e}"
    return ""


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
