"""What is ill-formed is refused in one line that says what is wrong and what to do; it is never decided."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, cast

import pytest
from sympy import S, Sum, Symbol, exp, log, pi

from derivations.calculus import (
    Index,
    Partial,
    Positive,
    SumsToOne,
    array,
    delta,
    evaluate,
    label,
    simplified,
    size,
    sum_over,
)
from derivations.checking import statements
from derivations.notation import W1, Z1, Z2, L, P, X, Y, c, dW1, h, i, j, k, lam, m, n, u, v, w
from derivations.proofs import Equation
from derivations.proofs.derivation import Derivation
from derivations.proofs.misconception import Misconception
from derivations.proofs.validation import IllFormedError, validate_definitions

T = size("T")
early = Index("t", T - 1)
e, G = array("e", T - 1, 1), array("G", 2, n)
B = array("B", h, h)
x, y = Symbol("x", real=True), Symbol("y", real=True)

ILL_FORMED: dict[str, tuple[Callable[[], Any], str]] = {
    "a name defined twice": (
        lambda: Equation(Z1[v, i], X[u, j], (v, i, u, j), where={Z1[v, i]: 1, Z1[w, j]: 2}),
        "Z1 is defined twice, as Z1[v, i] and as Z1[w, j]: a name has one definition",
    ),
    "a definition by rows": (
        lambda: Equation(G[0, u], 1, where={G[0, u]: 1}),
        "G[0, u] defines a part of G only: a definition has a different index for each axis, or 0 where the axis has "
        "one entry",
    ),
    "a definition of the diagonal": (
        lambda: Equation(B[v, v], 1, where={B[v, v]: 1}),
        "B[v, v] defines a part of B only: a definition has a different index for each axis, or 0 where the axis has "
        "one entry",
    ),
    "a definition of something else": (
        lambda: Equation(x, 1, where={x + 1: 2}),
        "x + 1 can't be defined: expected a scalar or an entry such as Z[v, i]",
    ),
    "a definition that contains itself": (
        lambda: Equation(W1[v, u], 1, where={W1[v, u]: W1[v, u] - lam * dW1[v, u]}),
        "the definition of W1 contains W1",
    ),
    "definitions in a circle": (
        lambda: Equation(x, 1, where={x: y + 1, y: x - 1}),
        "the definition of x contains y, whose definition contains x",
    ),
    "a loose index in a definition": (
        lambda: Equation(Z1[v, i], X[u, j], (v, i, u, j), where={Z1[v, i]: X[u, i]}),
        "the definition of Z1[v, i]: the index u is free but is not among the axes (v, i)",
    ),
    "a loose index": (
        lambda: Equation(X[u, i], X[u, j]),
        "X[u, j]: the index j is free but is not among the axes (u, i)",
    ),
    "a loose index of a number": (
        lambda: Equation(1, X[u, j]),
        "X[u, j]: the index u is free but is not among the axes (there are none: give axes=(u, ...))",
    ),
    "an index of another size": (
        lambda: Equation(X[i, u], X[i, u]),
        "in X[i, u] the index i takes m values, but the axis has n entries",
    ),
    "an index of another size in a definition": (
        lambda: Equation(L, L, where={L: sum_over((u, i), X[i, u])}),
        "in X[i, u] the index i takes m values, but the axis has n entries",
    ),
    "an index of another size in a delta": (
        lambda: Equation(delta(u, i), 1),
        "in KroneckerDelta(i, u) one index takes m values, the other n",
    ),
    "a number that may be too large": (
        lambda: Equation(X[u, 1], 1),
        "in X[u, 1] the index 1 may be out of range: there are m values, counted from 0",
    ),
    "a sum that leaves its range": (
        lambda: Equation(Sum(X[u, i], (i, 1, m)), 1, (u,)),
        "a sum over i from 1 to m: expected its whole range, see sum_over",
    ),
    "an index that may take no value": (
        lambda: Equation(sum_over(early, exp(x)), 1),
        "the index t takes T - 1 values, but a size is a whole number from 1 on, whatever the sizes in it are",
    ),
    "an array that may have no entry": (
        lambda: Equation(array("e", T - 1, 1)[0, 0], 1),
        "an axis of e has T - 1 entries, but a size is a whole number from 1 on, whatever the sizes in it are",
    ),
    "half a size": (
        lambda: Equation(sum_over(Index("q", m / 2), S.One), m / 2),
        "the index q takes m/2 values, but a size is a whole number from 1 on, whatever the sizes in it are",
    ),
    "a scalar and an array": (
        lambda: Equation(Symbol("X", real=True) * X[u, i], 1, (u, i)),
        "X is a scalar (real) and also an array of shape (n, m): two objects need two names",
    ),
    "a scalar and a size": (
        lambda: Equation(Symbol("m", real=True), m),
        "m is a scalar (real) and also a size: two objects need two names",
    ),
    "an index and a scalar": (
        lambda: Equation(Symbol("i", real=True) * X[u, i], 1, (u, i)),
        "i is a scalar (real) and also an index: two objects need two names",
    ),
    "two scalars": (
        lambda: Equation(Symbol("x"), Symbol("x", positive=True)),
        "x is a scalar and also a scalar (positive): two objects need two names",
    ),
    "pi and a symbol called pi": (
        lambda: Equation(pi, Symbol("pi", real=True)),
        "pi is a number and also a scalar (real): two objects need two names",
    ),
    "arrays of two shapes": (
        lambda: Equation(array("b", h, 1)[v, 0], array("b", h, m)[v, i], (v, i)),
        "b is an array of shape (h, 1) and also an array of shape (h, m): two objects need two names",
    ),
    "arrays of two shapes, one in a definition": (
        lambda: Equation(x, X[u, i], (u, i), where={x: sum_over(v, array("X", h, 1)[v, 0])}),
        "X is an array of shape (h, 1) and also an array of shape (n, m): two objects need two names",
    ),
    "labels and an array": (
        lambda: Equation(Z2[label("Y", Z2.shape[0])(i), i], Y[c, i], (c, i)),
        "Y is labels below C and also an array of shape (C, m): two objects need two names",
    ),
    "an assumption about a misspelt name": (
        lambda: Equation(sum_over(c, Y[c, i]), 1, assumptions=[SumsToOne("y")]),
        "it is assumed that each column of y sums to 1, but there is no array y; did you mean Y?",
    ),
    "an assumption about nothing there": (
        lambda: Equation(x, x + 0, assumptions=Positive("temperature")),
        "it is assumed that temperature > 0, but there is no array temperature",
    ),
    "an assumption about what is defined": (
        lambda: Equation(sum_over(c, P[c, i]), 1, where={P[c, i]: Z2[c, i]}, assumptions=SumsToOne("P")),
        "it is assumed that each column of P sums to 1, but P has a definition: assume something of what it contains",
    ),
    "an assumption along an axis that isn't there": (
        lambda: Equation(sum_over(c, Y[c, i]), 1, assumptions=SumsToOne("Y", axis=2)),
        "it is assumed that Y sums to 1 along axis 2, but it is an array of shape (C, m)",
    ),
    "a derivative without a definition": (
        lambda: Equation(Partial(L, W1[v, u]), dW1[v, u]),
        "L has no definition and does not contain W1: define it in `where`",
    ),
    "a derivative that a definition is missing for": (
        lambda: Equation(Partial(L, W1[v, u]), dW1[v, u], where={L: sum_over((v, i), Z1[v, i] ** 2)}),
        "L does not contain W1: it is made of Z1; is a definition missing in `where`?",
    ),
    "a matrix": (
        lambda: Equation(W1 * X, Z1),
        "W1*X is not one entry of an array: write W[v, u] and not W, and sums with sum_over",
    ),
    "no formula": (lambda: Equation(X[u, i], "X["), "expected a formula, got str 'X['"),
    "a step without a reason": (
        lambda: Derivation("s", sum_over(c, Y[c, i]), cast(Any, 1), assumptions=SumsToOne("Y")),
        "s: a step is (expression, reason), got 1",
    ),
    "a name that starts and isn't defined": (
        lambda: Derivation("the layer", Z1[v, i], (sum_over(u, W1[v, u] * X[u, i]), "weighted sums")),
        "the layer: Z1 has no definition: say in `where` what it is",
    ),
    "a loose index in a step": (
        lambda: Derivation("rows", sum_over(i, X[u, i]), (sum_over(i, X[u, j]), "a sum")),
        "rows, step 'a sum': Sum(X[u, j], (i, 0, m - 1)): the index j is free but is not among the axes (u)",
    ),
}


@pytest.mark.parametrize(("make", "message"), ILL_FORMED.values(), ids=ILL_FORMED)
def test_it_is_refused_in_one_line(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(IllFormedError) as raised:
        make()
    assert str(raised.value) == message


def test_no_misconception_passes_on_a_slip() -> None:
    with pytest.raises(IllFormedError):
        Misconception("E0", "The derivative is 0.", Partial(L, W1[v, u]), 0, correction="L is not defined here.")


@pytest.mark.parametrize("takes_definitions", [simplified, lambda name, where: evaluate(name, (v, i), {}, {}, where)])
def test_wherever_definitions_are_taken_a_name_has_one(takes_definitions: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="Z1 is defined twice"):
        takes_definitions(Z1[v, i], {Z1[v, i]: X[u, i], Z1[w, j]: 2 * X[u, j]})


def test_what_the_chapters_define_is_well_formed() -> None:
    definitions = [found.where for found in statements().values() if isinstance(found, Derivation) and found.where]
    assert len(definitions) > 30
    for where in definitions:
        validate_definitions(where)


@pytest.mark.parametrize("length", [m, m + 1, m * n, m * n - m - n + 2, 2 * m - 1, S(3)], ids=str)
def test_a_size_may_be_computed(length: Any) -> None:
    q = Index("q", length)
    assert Equation(sum_over(q, S.One), length).left is not None


def test_one_assumption_needs_no_list() -> None:
    assert Equation(sum_over(c, Y[c, i]), 1, assumptions=SumsToOne("Y")).assumptions == (SumsToOne("Y"),)


def test_a_long_chain_of_definitions_is_no_matter_of_the_stack() -> None:
    names = [Symbol(f"x{k}", real=True) for k in range(3000)]
    where = {after: before + 1 for before, after in itertools.pairwise(names)}
    validate_definitions(where)
    with pytest.raises(IllFormedError, match=r"the definition of x\d+ contains x\d+, whose definition contains x\d+"):
        validate_definitions({**where, names[0]: names[-1]})


def test_the_constants_and_the_definitions_of_a_formula_are_its_own() -> None:
    """Nothing of the caller's is kept: changing the dictionary afterwards changes no equation."""
    where = {x: log(2 * y)}
    equation = Equation(x, log(2 * y), where=where)
    where.clear()
    assert dict(equation.where) == {x: log(2 * y)}
    assert k.size == c.size
