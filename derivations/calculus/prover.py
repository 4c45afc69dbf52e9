"""From an equation to *proven*: the way of a proof on one screen.

    prove_equal(left, right)           for every size and all real values?

1. Both sides are read (`simplifier.reading`): SymPy's trees become polynomials in atoms, simplified by the rules
   (`simplifier.rules`) on the way. Names that have a definition stay names, and derivatives go through them.
2. Is the difference 0? Then the sides are equal, whatever the names stand for.
3. If not, look at it in numbers. If it may be 0, multiply it out and clear its denominators
   (`simplifier.denominators`): is it 0 now, or with tanh, sigmoid and softplus in terms of exp?
4. If not, put definitions for the names that are made of most others, and go to 2, until no name is left.

Step 3 keeps products from being multiplied out in vain: without it the work grows as 2 to the number of layers. The
rules are equalities of real numbers, so what comes out as 0 is 0 wherever both sides are defined; `provided` says where
that is not known. What does not come out as 0 may still be 0: the answer is then that it is not known, with what is
left over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from textwrap import shorten

from sympy import Expr, S

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, DerivativeError
from derivations.calculus.simplifier.budget import MAX_STEPS, Budget, StepLimitExceeded
from derivations.calculus.simplifier.denominators import cleared
from derivations.calculus.simplifier.names import ReaderOfNames
from derivations.calculus.simplifier.polynomials import Polynomial
from derivations.calculus.simplifier.quick_look import may_be_zero
from derivations.calculus.simplifier.reading import by_definition
from derivations.calculus.simplifier.rewriting import Simplifier
from derivations.calculus.simplifier.substitution import Replacement

__all__ = ["Proof", "prove_equal", "simplified"]


MAX_LEFT_OVER = 300
"""Characters: more of it helps nobody."""


@dataclass(frozen=True)
class Proof:
    """Whether two sides were proven equal, and what goes with the answer."""

    equal: bool
    provided: tuple[str, ...] = ()
    """What is divided by, or taken the root or logarithm of, and isn't known to be nonzero or positive: `s != 0`."""
    left_over: str = ""
    """If not proven: the difference of the sides, simplified, as mathematics."""
    reason: str = ""
    """If not proven because the work could not be done: why."""


def prove_equal(
    left: Expr | int,
    right: Expr | int,
    where: Definitions | None = None,
    assuming: Iterable[Assumption] = (),
    *,
    max_steps: int = MAX_STEPS,
) -> Proof:
    """Prove that two index expressions are equal, for every size and all real values.

    `where` says what names stand for. Raises TypeError or ShapeError if an expression is none of the calculus.

    >>> from sympy import Symbol, exp, tanh
    >>> z = Symbol("z", real=True)
    >>> prove_equal(tanh(z), 1 - 2 / (exp(2 * z) + 1)).equal
    True
    >>> prove_equal((z**2 - 1) / (z - 1), z + 1).provided
    ('z - 1 != 0',)
    >>> prove_equal(tanh(z) ** 2, tanh(z)).left_over
    'tanh(z)**2 - tanh(z)'
    """
    keeping = Simplifier(assuming, multiplies_out=False, budget=Budget(max_steps))
    reader = ReaderOfNames(keeping, where or {})
    try:
        difference = reader.read_checked(S(left)) - reader.read_checked(S(right))
        left_over = _left_over(difference, reader)
        provided = () if left_over else reader.conditions()
    except (DerivativeError, StepLimitExceeded, ZeroDivisionError) as error:
        return Proof(False, reason=str(error))
    return Proof(not left_over, provided, shorten(left_over, MAX_LEFT_OVER, placeholder=" ..."))


def _left_over(difference: Polynomial, reader: ReaderOfNames) -> str:
    """Empty if the difference is 0 with some of the names replaced; else it as mathematics, where it is shortest."""
    shortest = str(difference)
    while difference := _multiplied_out(difference, reader):
        shortest = min(shortest, str(difference), key=len)
        with_fewer_names = reader.without_deepest(difference)
        if with_fewer_names is None:
            return shortest
        difference = with_fewer_names
    return ""


def _multiplied_out(difference: Polynomial, reader: ReaderOfNames) -> Polynomial:
    """0 if the difference comes out as 0 with its names kept, else the difference itself."""
    if not difference or not may_be_zero(difference, reader.simplifier.sums_to_one):
        return difference
    simplifier = reader.simplifier.multiplying_out()
    ways = (simplifier.apply, partial(by_definition, simplifier=simplifier))
    zero = any(not cleared(Replacement(simplifier, apply=way).of(difference), simplifier) for way in ways)
    return Polynomial({}) if zero else difference


def simplified(expr: Expr, where: Definitions | None = None, assuming: Iterable[Assumption] = ()) -> Polynomial:
    """An expression as a polynomial in atoms, all its names kept.

    >>> from derivations.calculus import Index, array, delta, size, sum_over
    >>> m = size("m")
    >>> i, j = Index("i", m), Index("j", m)
    >>> x = array("x", m)
    >>> simplified(sum_over(i, delta(i, j) * x[i] + 2))
    x[j] + 2 m
    """
    return ReaderOfNames(Simplifier(assuming), where or {}).read_checked(S(expr))
