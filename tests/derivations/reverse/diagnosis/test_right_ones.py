"""No right backward pass is blamed, in whatever algebraic form it was written, and in float32 either.

The forms are made by machine from the derived one: names are written out, functions by others (a sigmoid by exp),
products are multiplied out, and terms are added up in another order.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from sympy import Add, Expr, Indexed, expand_mul
from sympy.core.parameters import distribute
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, fresh_indices, name_of
from derivations.calculus.evaluate import Evaluation
from derivations.calculus.functions import FUNCTIONS, function_of
from derivations.calculus.grammar import entry
from derivations.layers import operators
from derivations.reverse import Layer
from derivations.reverse.diagnosis import Place, Subject
from tests.statistics import cases

Array = Any
Backward = Callable[..., dict[str, Array]]

WANTED = cases(few=40, many=1000)
NAMES = sorted(operators())
BY_OTHERS: tuple[Any, ...] = tuple(function.apply for function in FUNCTIONS if function.definition is not None)


def another_form(subject: Subject, rng: np.random.Generator) -> Definitions:
    """The same gradients, written differently, as far as there is anything to write differently in ten attempts."""
    for _ in range(10):
        way = subject.ways[rng.integers(len(subject.ways))]
        where = {**subject.definitions, **way}
        chosen = {name_of(pattern) for pattern in where if rng.random() < 0.5}
        with distribute(False):
            form = {gradient: _rewritten(expr, where, chosen, rng) for gradient, expr in way.items()}
        if form not in subject.ways:
            break
    return form


def _rewritten(expr: Expr, where: Definitions, chosen: set[str], rng: np.random.Generator) -> Expr:
    entries = sorted(expr.atoms(MatrixElement, Indexed), key=str)
    written_out = [part for part in entries if name_of(part) in chosen and rng.random() < 0.7]
    expr = expr.xreplace({part: _body(part, where) for part in written_out})
    if rng.random() < 0.5:
        expr = expr.xreplace({part: _by_others(part) for part in expr.atoms(*BY_OTHERS)})
    if rng.random() < 0.5:
        expr = expand_mul(expr)
    if isinstance(expr, Add):
        expr = Add(*(expr.args[k] for k in rng.permutation(len(expr.args))), evaluate=False)
    return expr


def _body(part: Expr, where: Definitions) -> Expr:
    """What an entry stands for, at its own indices."""
    pattern = next(pattern for pattern in where if name_of(pattern) == name_of(part))
    return fresh_indices(where[pattern]).xreplace(dict(zip(entry(pattern)[1], entry(part)[1], strict=True)))


def _by_others(part: Expr) -> Expr:
    known = function_of(part)
    assert known is not None
    assert known.definition is not None
    return known.definition(part.args[0])


def function_of_form(layer: Layer, way: Definitions, dtype: type) -> Backward:
    """A function that computes the gradients by these formulas; each name is rounded to the type."""
    subject = layer._subject
    names = [*map(name_of, subject.upstream), *subject.inputs]
    whole = {**subject.definitions, **way}

    def backward(**values: Array) -> dict[str, Array]:
        place = _place(subject, values)
        known = {name: _short(value, dtype) for name, value in {**place.values, **values}.items()}
        for pattern in whole:
            known[name_of(pattern)] = _short(Evaluation(known, place.sizes, whole).named(pattern), dtype)
        return {f"d{name}": known[f"d{name}"] for name in layer.wrt}

    named: Any = backward
    named.__signature__ = inspect.Signature(
        [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    )
    return backward


def _short(value: Array, dtype: type) -> Array:
    array = np.asarray(value)
    return array.astype(dtype) if array.dtype.kind == "f" else array


def _place(subject: Subject, values: Mapping[str, Array]) -> Place:
    """The place whose values these are: it knows the sizes, and some are in no shape, such as that of a window."""
    return next(place for place in subject.places if all(_alike(place, name, values[name]) for name in values))


def _alike(place: Place, name: str, value: Array) -> bool:
    return np.shape(place.values[name]) == np.shape(value)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_none_of_them_is_blamed(dtype: type) -> None:
    blamed, rewritten = [], 0
    for number in range(WANTED // 2):
        # In the ordinary run each type meets other layers; in the full one, both meet all of them in several forms.
        turn, place = divmod(2 * number + (dtype is np.float32), len(NAMES))
        name = NAMES[(place + turn) % len(NAMES)]
        layer = operators()[name].layer
        way = another_form(layer._subject, np.random.default_rng((number, 5)))
        rewritten += way not in layer._subject.ways
        found = layer.diagnose(function_of_form(layer, way, dtype))
        if not found.is_right:
            blamed.append(f"{name}, form {number}: {found}")
    assert rewritten > WANTED // 4
    assert not blamed, "\n".join(blamed)


def test_a_form_with_a_mistake_is_blamed() -> None:
    layer = operators()["layer_norm"].layer
    way = another_form(layer._subject, np.random.default_rng(0))
    wrong = {gradient: expr * (2 if name_of(gradient) == "dX" else 1) for gradient, expr in way.items()}
    assert layer.diagnose(function_of_form(layer, way, np.float32)).is_right
    assert layer.diagnose(function_of_form(layer, wrong, np.float32)).wrong == ("dX",)
