"""What takes too long, or is too deep, stays undecided: in the same way everywhere, and not by Python's own limits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from sympy import Add, Expr, Mul, Symbol, exp, tanh

from derivations.calculus import Index, Partial, Proof, array, prove_equal, size, sum_over

m = size("m")
i = Index("i", m)
z = Symbol("z", real=True)
letters = [Symbol(f"z{number}", real=True) for number in range(12)]
names = [Symbol(f"n{number}", real=True) for number in range(300)]
x = array("x", m)


def nested(function: Callable[[Expr], Expr], times: int, start: Expr = z) -> Expr:
    for _ in range(times):
        start = function(start)
    return start


@contextmanager
def little_room() -> Iterator[None]:
    """As deep in Python's stack as one may be in a notebook: 500 frames are left."""
    depth, frame = 0, sys._getframe()
    while frame := frame.f_back:  # type: ignore[assignment]
        depth += 1
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + 500)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


DEEP = {
    "logistic": nested(lambda e: 1 / (1 + exp(-e)), 60),
    "tanh": nested(tanh, 60),
    "squares": nested(lambda e: e * e + 1, 60),
    "sums": nested(lambda e: tanh(sum_over(i, e * x[i]) * x[i]), 40, x[i]),
}


@pytest.mark.parametrize("name", DEEP)
def test_depth_never_meets_the_limit_of_python(name: str) -> None:
    wrt = x[i] if name == "sums" else z
    twice, slope = 2 * DEEP[name], Partial(DEEP[name], wrt)  # which SymPy builds by recursion
    with little_room():
        found = [prove_equal(DEEP[name], twice), prove_equal(slope, 0)]
    assert not any(proof.equal for proof in found)
    assert all(proof.reason or proof.left_over for proof in found)


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        pytest.param({n: before + 1 for before, n in pairwise(names)}, 1, id="sums"),
        pytest.param({n: 2 * before for before, n in pairwise(names)}, 2**299, id="products"),
    ],
)
def test_a_long_chain_of_names(where: dict[Expr, Expr], wanted: int) -> None:
    with little_room():
        assert prove_equal(Partial(names[-1], names[0]), wanted, where).equal
        assert not prove_equal(Partial(names[-1], names[0]), wanted + 1, where).equal


def test_the_budget_is_for_all_work() -> None:
    """Reading, differentiating and multiplying out: the same question takes the same steps, and ends there."""
    powers = Mul(*[Add(*letters[:number]) for number in range(2, 12)])
    questions: list[Callable[[int], Proof]] = [
        lambda steps: prove_equal(powers, powers * letters[0], max_steps=steps),
        lambda steps: prove_equal(Partial(powers, letters[0]), Partial(powers, letters[1]), max_steps=steps),
        lambda steps: prove_equal(1 / (1 + exp(z)), 1 - exp(z) / (1 + exp(z)), max_steps=steps),
    ]
    for question in questions:
        proof = question(10)
        assert not proof.equal
        assert proof.reason == "a proof would take more than 10 steps"
    assert questions[-1](1_000).equal


def test_steps_are_counted_alike_each_time() -> None:
    def steps_needed() -> int:
        return next(n for n in range(1, 500) if prove_equal(tanh(z), 1 - 2 / (exp(2 * z) + 1), max_steps=n).equal)

    assert steps_needed() == steps_needed() > 10


def test_what_is_left_over_is_shown_in_part_if_it_is_long() -> None:
    proof = prove_equal(Add(*[exp(a * b) for a in letters for b in letters[:3]]), 0)
    assert 200 < len(proof.left_over) <= 300
    assert proof.left_over.endswith(" ...")
