r"""The one table of functions: the only ones that a formula may contain, and all that is known of each.

Everything that treats functions (derivatives, values, rounding, LaTeX, text, NumPy, the prover) reads this table. To
add a function is to add one `Elementwise` to FUNCTIONS; `tests/derivations/calculus/test_functions.py` then tests it
like the others: its value against mpmath, its derivative against a difference quotient, its LaTeX, text and NumPy by
use.

    >>> from sympy import Symbol, tanh
    >>> z = Symbol("z", real=True)
    >>> function_of(tanh(z)).slope(tanh(z))
    1 - tanh(z)**2

A function that nobody defined, `Function("f")` of SymPy, is any smooth activation: its derivative is `f'`, that of it
`f''`. It has an entry as well, made when it is asked for.

softmax and log-sum-exp are functions of an array along an index, not of a number. Here they are exp and sums: exp(z[k])
/ sum_c exp(z[c]) is a product that the prover takes as it is. Only stable code has to recognize them.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import mpmath
import numpy as np
import numpy.typing as npt
from sympy import Abs, Expr, Function, Pow, Rational, S, cos, erf, exp, log, pi, sign, sin, sqrt, tanh
from sympy.core.function import AppliedUndef

__all__ = [
    "FUNCTIONS",
    "Elementwise",
    "absolute",
    "arbitrary",
    "filled",
    "function_of",
    "relu",
    "sigmoid",
    "softplus",
    "step",
]

Array = npt.NDArray[Any]
Interval = Literal["real", "nonnegative", "positive"]


class step(Function):
    """1 where z > 0, else 0. Its derivative counts as 0 everywhere."""

    nargs = 1
    is_nonnegative = True


class relu(Function):
    """max(0, z). ReLU has no derivative at 0; ours is `step`, so 0 there: a convention, and what `A1 > 0` does in code.

    SymPy's `Max(0, z)` would give 1/2 at 0, and a `Piecewise` lets bound indices escape from their sums (sympy #27359).
    """

    nargs = 1
    is_nonnegative = True


class sigmoid(Function):
    """1 / (1 + exp(-z))."""

    nargs = 1
    is_positive = True


class softplus(Function):
    """log(1 + exp(z))."""

    nargs = 1
    is_positive = True


class absolute(Function):
    """|z|. Its derivative at 0 counts as 0, as that of NumPy's `sign` does.

    SymPy's own `Abs`, which Python's `abs` gives, is taken for it; but that one makes exp(re(z)) of |exp(z)|.
    """

    nargs = 1
    is_nonnegative = True


@dataclass(frozen=True)
class Elementwise:
    """A real function of one real number, applied to each entry of an array."""

    name: str
    apply: Callable[[Expr], Expr]
    """From an expression to the function of it: SymPy's class, or its `sqrt`, for which SymPy has no class."""
    value: Callable[[Any], Array]
    """The value in NumPy, to a few rounding errors and without a warning wherever it is a finite number.

    If `complex_safe`, also of complex numbers near the real axis, so that the complex step gives the derivative."""
    complex_safe: bool
    precise: Callable[[Any], Any]
    """The value of an mpmath number, to mpmath's precision."""
    derivative: Callable[[Expr, Expr], Expr]
    """From the argument z and the output a, by the output where that is shorter: tanh gives 1 - a**2."""
    latex: str
    text: str
    numpy: str
    """How it is written: `{}` is where the argument goes, see `filled`. The code uses `np` and `math` only."""
    domain: Interval = "real"
    """Where it is defined."""
    range: Interval = "real"
    """Where its values are known to be."""
    odd: bool = False
    """Whether f(-z) = -f(z)."""
    definition: Callable[[Expr], Expr] | None = None
    """By other functions of the table: tried by the prover where a proof does not come out without it."""
    largest: float = 1000
    """Up to which size of its argument the value is certain to be finite, for tests."""

    def slope(self, application: Expr) -> Expr:
        """f'(z), given f(z)."""
        return self.derivative(application.args[0], application)


def filled(template: str, argument: str) -> str:
    """The template with its argument; LaTeX has braces, so `str.format` will not do.

    >>> filled("e^{{}}", "z")
    'e^{z}'
    """
    return template.replace("{}", argument)


# Values that stay finite


def _logistic(z: Any) -> Array:
    """By exp(-|z|), which does not overflow."""
    small = np.exp(-_away_from_zero(z))
    return np.where(np.real(z) > 0, 1, small) / (1 + small)


def _softplus(z: Any) -> Array:
    return np.where(np.real(z) > 0, z, 0) + np.log1p(np.exp(-_away_from_zero(z)))


def _away_from_zero(z: Any) -> Array:
    """|z| of a real z, and its continuation to complex numbers near the real axis."""
    return np.where(np.real(z) > 0, z, -z)


FUNCTIONS: tuple[Elementwise, ...] = (
    Elementwise(
        "exp", exp, np.exp, True, mpmath.exp, lambda z, a: a,
        r"e^{{}}", "exp({})", "np.exp({})", range="positive", largest=700,
    ),
    Elementwise(
        "log", log, np.log, True, mpmath.log, lambda z, a: 1 / z,
        r"\log\left({}\right)", "log({})", "np.log({})", domain="positive",
    ),
    Elementwise(
        "sqrt", sqrt, np.sqrt, True, mpmath.sqrt, lambda z, a: 1 / (2 * a),
        r"\sqrt{{}}", "sqrt({})", "np.sqrt({})", domain="nonnegative", range="nonnegative",
    ),
    Elementwise(
        "tanh", tanh, np.tanh, True, mpmath.tanh, lambda z, a: 1 - a**2,
        r"\tanh\left({}\right)", "tanh({})", "np.tanh({})", odd=True,
        definition=lambda z: (exp(2 * z) - 1) / (exp(2 * z) + 1),
    ),
    Elementwise(
        "sigmoid", sigmoid, _logistic, True, lambda z: 1 / (1 + mpmath.exp(-z)), lambda z, a: a * (1 - a),
        r"\sigma\left({}\right)", "sigmoid({})", "np.exp(-np.logaddexp(0, -({})))", range="positive",
        definition=lambda z: 1 / (1 + exp(-z)),
    ),
    Elementwise(
        "softplus", softplus, _softplus, True, lambda z: mpmath.log1p(mpmath.exp(z)), lambda z, a: sigmoid(z),
        r"\operatorname{softplus}\left({}\right)", "softplus({})", "np.logaddexp(0, {})", range="positive",
        definition=lambda z: log(1 + exp(z)),
    ),
    Elementwise(
        "erf", erf, np.vectorize(math.erf, otypes=[float]), False, mpmath.erf,
        lambda z, a: 2 / sqrt(pi) * exp(-(z**2)),
        r"\operatorname{erf}\left({}\right)", "erf({})", "np.vectorize(math.erf)({})", odd=True,
    ),
    Elementwise(
        "sin", sin, np.sin, True, mpmath.sin, lambda z, a: cos(z),
        r"\sin\left({}\right)", "sin({})", "np.sin({})", odd=True,
    ),
    Elementwise(
        "cos", cos, np.cos, True, mpmath.cos, lambda z, a: -sin(z),
        r"\cos\left({}\right)", "cos({})", "np.cos({})",
    ),
    Elementwise(
        "relu", relu, lambda z: np.maximum(z, 0), False, lambda z: max(z, mpmath.mpf(0)), lambda z, a: step(z),
        r"\operatorname{ReLU}\left({}\right)", "relu({})", "np.maximum({}, 0)", range="nonnegative",
    ),
    Elementwise(
        "step", step, lambda z: np.heaviside(z, 0), False, lambda z: mpmath.mpf(z > 0), lambda z, a: S.Zero,
        r"\left[{} > 0\right]", "[{} > 0]", "(({}) > 0)", range="nonnegative",
    ),
    Elementwise(
        "absolute", absolute, np.abs, False, abs, lambda z, a: sign(z),
        r"\left|{}\right|", "abs({})", "np.abs({})", range="nonnegative",
    ),
    Elementwise(
        "sign", sign, np.sign, False, mpmath.sign, lambda z, a: S.Zero,
        r"\operatorname{sign}\left({}\right)", "sign({})", "np.sign({})", odd=True,
    ),
)  # fmt: skip

_BY_NAME = {function.name: function for function in FUNCTIONS}
_BY_CLASS = {function.apply: function for function in FUNCTIONS} | {Abs: _BY_NAME["absolute"]}


def function_of(expr: Expr) -> Elementwise | None:
    """The entry of the table for f(z); its argument is `expr.args[0]`. None if `expr` is no such application.

    >>> from sympy.abc import x
    >>> function_of(sqrt(x)).name, function_of(Function("f")(x)).name, function_of(x + 1)
    ('sqrt', 'f', None)
    """
    if isinstance(expr, Pow) and expr.exp == Rational(1, 2):
        return _BY_CLASS[sqrt]
    if isinstance(expr, AppliedUndef) and len(expr.args) == 1 and not hasattr(expr.func, "classes"):
        return arbitrary(expr.func.__name__)
    return _BY_CLASS.get(type(expr))


def function_named(name: str) -> Elementwise:
    """The entry of this name, or that of a function that nobody defined."""
    return _BY_NAME.get(name) or arbitrary(name)


@cache
def arbitrary(name: str) -> Elementwise:
    """Any smooth function f, or its derivative f'. Where a number is needed, f is a sine that goes with its name."""
    plain, order = name.rstrip("'"), len(name) - len(name.rstrip("'"))
    frequency = 1 + zlib.crc32(plain.encode()) % 7 / 10

    def value(z: Any, of: Any = np) -> Any:
        return frequency**order * of.sin(frequency * z + 1 + order * of.pi / 2)

    return Elementwise(
        name, Function(name), value, True, lambda z: value(z, mpmath), lambda z, a: Function(name + "'")(z),
        rf"{name}\left({{}}\right)", f"{name}({{}})", f"{plain}{'_prime' * order}({{}})",
    )  # fmt: skip
