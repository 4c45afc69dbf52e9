"""Every entry of the table of functions: its value, its derivative, and how it is written."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from sympy import Expr, Function, Symbol, cosh, lambdify, sin

from derivations.calculus import Index, array, label, size
from derivations.calculus.functions import FUNCTIONS, Elementwise, absolute, arbitrary, filled, function_of, sigmoid

z = Symbol("z", real=True)
f = arbitrary("f")
ENTRIES = [pytest.param(entry, id=entry.name) for entry in (*FUNCTIONS, f)]


def arguments(entry: Elementwise) -> list[float]:
    """Numbers in the domain, from tiny to as large as the table promises, of both signs where both are allowed."""
    random = np.random.default_rng(0)
    sizes = [*np.exp(random.uniform(-12, 3, 20)), entry.largest]
    signs = (1, -1) if entry.domain == "real" else (1,)
    return [float(sign * size) for size in sizes for sign in signs]


def precisely(expr: Expr, at: Any) -> Any:
    """An expression of the table's functions in mpmath."""
    entry = function_of(expr)
    if entry is not None:
        return entry.precise(precisely(expr.args[0], at))
    if expr == z:
        return at
    names = [Symbol(f"x{k}") for k in range(len(expr.args))]
    return lambdify(names, expr.func(*names) if names else expr, "mpmath")(*[precisely(arg, at) for arg in expr.args])


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_value(entry: Elementwise) -> None:
    numbers = arguments(entry)
    assert len(numbers) > 20
    with mpmath.workdps(30):
        wanted = np.array([float(entry.precise(mpmath.mpf(number))) for number in numbers])
    assert np.allclose(entry.value(np.array(numbers)), wanted, rtol=1e-13, atol=1e-300)
    bounds = {"real": -math.inf, "nonnegative": 0, "positive": 0}
    assert np.all(wanted >= bounds[entry.range])


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_derivative(entry: Elementwise) -> None:
    numbers = [number for number in arguments(entry) if abs(number) < 30]
    assert len(numbers) > 15
    with mpmath.workdps(60):
        for number in numbers:
            at, h = mpmath.mpf(number), mpmath.mpf(10) ** -25 * abs(number)
            wanted = (entry.precise(at + h) - entry.precise(at - h)) / (2 * h)
            assert mpmath.almosteq(precisely(entry.slope(entry.apply(z)), at), wanted, 1e-20, 1e-30), number


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_complex_step_is_promised_only_where_it_works(entry: Elementwise) -> None:
    if not entry.complex_safe:
        return
    numbers = [number for number in arguments(entry) if abs(number) < 30]
    assert len(numbers) > 15
    with mpmath.workdps(30):
        wanted = [float(precisely(entry.slope(entry.apply(z)), mpmath.mpf(number))) for number in numbers]
    assert np.allclose(entry.value(np.array(numbers) + 1e-30j).imag / 1e-30, wanted, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("entry", ENTRIES)
def test_how_it_is_written(entry: Elementwise) -> None:
    for template in (entry.latex, entry.text, entry.numpy):
        assert template.count("{}") == 1
        written = filled(template, "z")
        assert all(written.count(left) == written.count(right) for left, right in ("()", "[]", "{}"))
    numbers = np.array(arguments(entry))
    names: dict[str, Any] = {"np": np, "math": math, "z": numbers[:, None], "f": entry.value}
    code = eval(filled(entry.numpy, "z"), names)
    assert code.shape == (len(numbers), 1)
    assert np.allclose(code[:, 0], entry.value(numbers), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_it_is_by_other_functions(entry: Elementwise) -> None:
    """Also that odd ones are odd; to 30 digits, at numbers whose exponentials leave enough of them."""
    with mpmath.workdps(60):
        for number in [number for number in arguments(entry) if abs(number) < 30]:
            at = mpmath.mpf(number)
            if entry.definition is not None:
                assert mpmath.almosteq(precisely(entry.definition(z), at), entry.precise(at), 1e-30)
            if entry.odd:
                assert entry.precise(-at) == -entry.precise(at)


def test_an_application_is_found_in_the_table() -> None:
    assert len({entry.name for entry in FUNCTIONS}) == len(FUNCTIONS) == 13
    for entry in FUNCTIONS:
        assert function_of(entry.apply(z)) is entry
    assert function_of(abs(z)) is function_of(absolute(z))
    assert [function_of(expr) for expr in (z, z + 1, z**2, cosh(z))] == [None] * 4


def test_a_function_that_nobody_defined() -> None:
    """Its derivatives are f', f'', ...; labels are no functions."""
    first = f.slope(Function("f")(z))
    assert str(first) == "f'(z)"
    second = function_of(first)
    assert second is not None
    assert second.latex == r"f'\left({}\right)"
    assert str(second.slope(first)) == "f''(z)"
    assert function_of(f.apply(z + 1)) is f
    assert function_of(label("y", size("C"))(Index("i", size("m")))) is None
    assert label("y", size("C"))(Index("i", size("m"))) != label("y", size("h"))(Index("i", size("m")))
    W = array("W", size("h"), size("n"))
    assert function_of(sigmoid(W[0, 0])) is function_of(sigmoid(z)) is not function_of(sin(z))
