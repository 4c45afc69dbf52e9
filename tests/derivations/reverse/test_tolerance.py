"""The tolerance from the formula: no right kernel is blamed, in whatever order it adds up; what is wrong is found."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest

from derivations import derive
from derivations.layers import operators
from derivations.reverse import FormulaError, Layer
from derivations.reverse.tolerance import KERNELS as KNOWN
from derivations.reverse.tolerance import Kernel, kernel_of, measured
from derivations.reverse.tolerance.formats import FORMATS
from tests.derivations.reverse.kernels import FORMATS as TYPES
from tests.derivations.reverse.kernels import KERNELS, ORDERS, Array, Total, Values, cast, pairwise
from tests.statistics import cases

FEW = ("float32", "bfloat16", "float16")
SHAPES = {
    "affine": {"W": "vu", "X": "ui", "b": "v", "dY": "vi"},
    "attention": {"Q": "qd", "K": "kd", "V": "kv", "dO": "qv"},
    "cross_entropy": {"S": "ci"},
    "embedding": {"E": "dk", "dY": "di"},
    "layer_norm": {"X": "ij", "gamma": "j", "beta": "j", "dY": "ij"},
    "rms_norm": {"X": "ij", "g": "j", "dY": "ij"},
    "silu": {"z": "i", "dA": "i"},
    "softmax": {"S": "ci", "dP": "ci"},
}
"""The axes of each array, as the book's formulas have them."""


@cache
def layer(name: str) -> Layer:
    return operators()[name].layer


def drawn(name: str, form: str, rng: np.random.Generator) -> dict[str, Any]:
    """Inputs of the layer that the format has: sizes from 1 on, and magnitudes over some decades."""
    axes = dict.fromkeys("".join(SHAPES[name].values()))
    most = 12 if name in ("attention", "affine") else 40
    size = {axis: int(rng.integers(1, most)) for axis in axes}
    spread = 10 ** rng.uniform(-1, 0.7)
    values: dict[str, Any] = {}
    for array, letters in SHAPES[name].items():
        scale = 10 ** rng.uniform(-2, 0.5) if array.startswith("d") else spread
        values[array] = cast(scale * rng.normal(size=[size[letter] for letter in letters]), form)
    if name in ("layer_norm", "rms_norm"):
        values["eps"] = 2.0**-17
    if name == "cross_entropy":
        values["Y"] = np.eye(size["c"], dtype=np.float32)[rng.integers(size["c"], size=size["i"])].T
    if name == "embedding":
        values["t"] = rng.integers(size["k"], size=size["i"])
    return values


def kernel(name: str, form: str) -> Kernel:
    return kernel_of(f"torch {name}, {form}")


def computed(name: str, values: Values, form: str, rng: np.random.Generator) -> dict[str, npt.NDArray[Any]]:
    """What a right kernel returns."""
    half = form != "float32"
    order = ORDERS[int(rng.integers(len(ORDERS)))]
    found = KERNELS[name].gradients(values, order, lambda stored: cast(stored, form) if half else stored)
    return {gradient: cast(value, form) for gradient, value in found.items()}


def worst(got: npt.NDArray[Any], right: npt.NDArray[Any], allowed: npt.NDArray[Any]) -> float:
    off = np.abs(got.astype(float) - right) / allowed
    return float(np.max(np.where(np.isinf(allowed), 0, off), initial=0))


@pytest.mark.parametrize("form", FEW)
@pytest.mark.parametrize("name", KERNELS)
def test_no_right_kernel_is_blamed_and_zeros_are_found(name: str, form: str) -> None:
    rng, reached, zeros = np.random.default_rng(len(name + form)), 0.0, 0
    for _ in range(cases(8, 600)):
        values = drawn(name, form, rng)
        where = measured(layer(name)._formulas, values)
        allowed, got = where.tolerance(kernel(name, form)), computed(name, values, form, rng)
        for gradient, right in where.right.items():
            off = worst(got[gradient], right, allowed[gradient])
            assert off <= 1, (gradient, {key: np.shape(value) for key, value in values.items()})
            reached = max(reached, off)
            resolved = bool(np.any(np.abs(right) > allowed[gradient]))  # not of sums that cancel to nothing
            zeros += resolved
            assert (worst(np.zeros_like(right), right, allowed[gradient]) > 1) == resolved
    assert zeros >= 4
    assert reached > (1 / 1000 if form == "float32" else 1 / 8)  # it is no bound that everything would pass


def without_the_last(total: Total) -> Total:
    return lambda values, axis: total(np.delete(values, -1, axis), axis)


def nothing(total: Total) -> Total:
    return lambda values, axis: 0 * total(values, axis)


def next_to_it(total: Total) -> Total:
    return lambda values, axis: np.roll(total(values, axis), 1, 0)


@pytest.mark.parametrize("form", FEW)
@pytest.mark.parametrize("name", [name for name in KERNELS if name not in ("silu", "embedding")])
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value", "ignore:overflow")
def test_a_wrong_sum_is_found_where_it_shows(name: str, form: str) -> None:
    """One of a kernel's sums lacks its last term, is left out, or lands in the next row."""
    rng, found = np.random.default_rng(7), 0
    for _ in range(cases(4, 80)):
        values = drawn(name, form, rng)
        where = measured(layer(name)._formulas, values)
        allowed = where.tolerance(kernel(name, form))
        doubles = {key: np.asarray(value, float) if np.ndim(value) else value for key, value in values.items()}
        for wrong in (without_the_last, nothing, next_to_it):
            one = int(rng.integers(sums(name, values)))
            exact = KERNELS[name].gradients(doubles, only(one, wrong), lambda stored: stored)
            got = KERNELS[name].gradients(values, only(one, wrong), lambda stored: cast(stored, form))
            for gradient, right in where.right.items():
                if exact[gradient].shape == right.shape and np.any(
                    np.abs(exact[gradient] - right) > 2 * allowed[gradient]
                ):
                    found += 1
                    assert not worst(cast(got[gradient], form), right, allowed[gradient]) <= 1, (gradient, wrong)
    assert found >= 4


def sums(name: str, values: Values) -> int:
    """How many sums a kernel asks for."""
    asked = itertools.count()
    KERNELS[name].gradients(values, lambda array, axis: (next(asked), pairwise(array, axis))[1], lambda array: array)
    return next(asked)


def only(number: int, wrong: Callable[[Total], Total]) -> Total:
    """A total that is wrong the so-manieth time that it is asked for."""
    asked = itertools.count()

    def total(values: Array, axis: int) -> Array:
        summed: Array = (wrong(pairwise) if next(asked) == number else pairwise)(values, axis)
        return summed

    return total


@pytest.mark.parametrize("form", TYPES)
def test_rounding_is_that_of_the_format(form: str) -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(size=500) * 10 ** rng.uniform(-12, 4, 500), [0.0, -0.0, 1e-30, -1.0]])
    values = values[np.abs(values) < FORMATS[form].largest]
    assert np.array_equal(FORMATS[form].rounded(values), values.astype(TYPES[form]).astype(np.float64))
    limits = ml_dtypes.finfo(TYPES[form])
    assert (limits.eps / 2, limits.smallest_subnormal) == (FORMATS[form].unit, FORMATS[form].smallest)
    assert float(limits.max) == FORMATS[form].largest


def test_the_known_kernels_are_of_the_book() -> None:
    assert {f"torch {name}" for name in KERNELS} <= set(KNOWN)
    for known in KNOWN:
        name = known.removeprefix("torch ")
        stored = kernel_of(f"{known}, bfloat16").stored
        assert set(stored) <= set(layer(name)._formulas.needed)
        assert kernel_of(f"{known}, float32").stored == {}


def test_scores_of_thousands_have_a_tolerance() -> None:
    values = {"S": 3000 * np.random.default_rng(0).normal(size=(5, 4)), "dP": np.ones((5, 4))}
    found = layer("softmax").tolerance(values, dtype="bfloat16")["dS"]
    assert np.isfinite(found).all()


def test_what_overflows_the_format_may_be_infinite() -> None:
    found = layer("affine").tolerance({"W": [[3e4]], "X": [[1.0]], "b": [0.0], "dY": [[4.0]]}, dtype="float16")
    assert np.isinf(found["dX"]).all()
    assert np.isfinite(found["dW"]).all()


def test_a_stored_name_s_rounding_is_carried_to_the_gradient() -> None:
    """d/dP of dS = P (dP - sum P dP), by hand: |dP - sum P dP| e + P sum(e |dP|)."""
    rng = np.random.default_rng(1)
    S, dP = cast(rng.normal(size=(4, 3)), "bfloat16"), cast(rng.normal(size=(4, 3)), "bfloat16")
    P = np.exp(S.astype(float)) / np.exp(S.astype(float)).sum(0)
    e = 2.0**-8 * P + 2.0**-133
    by_hand = e * np.abs(dP - (P * dP).sum(0)) + P * (e * np.abs(dP)).sum(0)
    without = layer("softmax").tolerance({"S": S, "dP": dP}, dtype="bfloat16")["dS"]
    stored = layer("softmax").tolerance({"S": S, "dP": dP}, dtype="bfloat16", stored={"P": "bfloat16"})["dS"]
    np.testing.assert_allclose(stored - without, 2 * by_hand, rtol=1e-9)


def softmax_backward(dP: Any, P: Any) -> Any:
    return P * (dP - (P * dP).sum(0))


def test_a_right_function_is_right_in_every_format() -> None:
    for form in FORMATS:
        found = layer("softmax").check(softmax_backward, form, stored={"P": form})
        assert found.is_right, (form, str(found))
        assert found.gradients[0].entries >= 30
    assert str(layer("softmax").check(softmax_backward)).startswith("dS is right: its 62 entries are off by at most ")


def test_a_wrong_function_is_told_where_and_why() -> None:
    said = str(layer("softmax").check(lambda dP, P: P * dP, "bfloat16"))
    assert re.match(r"dS is wrong: \d+ of 62 entries are off by up to [\de.+]+ tolerances.\nMost at \[\d, \d\]: ", said)
    assert "In float64: dS is wrong.\nin dS, the term -P[c, i]*sum_c'(P[c', i]*dP[c', i]) is missing." in said


def test_zeros_that_a_coarse_comparison_accepts_are_found() -> None:
    values: dict[str, Any] = {
        "S": np.zeros((200, 3)),
        "dP": cast(np.random.default_rng(0).normal(size=(200, 3)), "bfloat16"),
    }
    right = measured(layer("softmax")._formulas, values).right["dS"]
    assert np.allclose(0 * right, right, rtol=1e-2, atol=2e-2)
    assert not layer("softmax").check(lambda dP: 0 * dP, kernel="torch softmax, bfloat16", inputs=values).is_right


def test_a_function_that_is_right_in_float64_alone_is_told_so() -> None:
    def halved(dP: Any, P: Any) -> Any:
        right = softmax_backward(dP, P)
        return right if right.dtype == np.float64 else np.where(np.arange(len(right))[:, None] == 1, 0, right)

    said = str(layer("softmax").check(halved, "float32"))
    assert "dS is wrong: " in said
    assert said.endswith(
        "In float64 it is right: not the formula is wrong, but what is rounded, overflows or is not set."
    )


def test_the_function_gets_numbers_of_the_formats_and_copies() -> None:
    seen: dict[str, Any] = {}

    def backward(dP: Any, P: Any) -> Any:
        seen.update(dP=dP.copy(), P=P.copy())
        right = softmax_backward(dP, P)
        P[:] = 0
        return right

    assert layer("softmax").check(backward, "bfloat16", stored={"P": "float16"}).is_right
    assert {array.dtype for array in seen.values()} == {np.dtype(np.float32)}
    assert np.array_equal(seen["dP"], cast(seen["dP"], "bfloat16"))
    assert np.array_equal(seen["P"], cast(seen["P"], "float16"))

    def doubles(array: Any) -> Any:
        return array.astype(np.float64)

    assert layer("softmax").check(backward, "bfloat16", convert=doubles).is_right
    assert seen["dP"].dtype == np.float64
    assert layer("softmax").check(backward, "float64").is_right
    assert seen["dP"].dtype == np.float64


def test_what_is_wrong_in_coarse_numbers_alone_is_not_explained_by_float64() -> None:
    def coarse(array: Any) -> Any:
        return cast(array, "bfloat16")

    said = str(layer("softmax").check(lambda dP, P: cast(P * dP, "bfloat16"), "bfloat16", convert=coarse))
    assert "dS is wrong: " in said
    assert "float64:" not in said
    assert said.endswith("Its numbers are too coarse to say why: `diagnose` can, if the function takes float64, too.")


def test_not_a_number_is_never_right() -> None:
    said = str(layer("softmax").check(lambda dP, P: np.nan * P, "float16"))
    assert "62 of 62 entries are not finite" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"dtype": "int8"}, "there is no format int8; known are float64, "),
        (
            {"kernel": "torch softmax, float16", "dtype": "float16"},
            "kernel: 'torch softmax, float16' says its formats ",
        ),
        ({"kernel": "torch softmax"}, "there is no kernel 'torch softmax'; expected 'KIND, FORMAT'"),
        ({"stored": {"Q": "float16"}}, "stored: no gradient is computed from Q, only from S, dP, P, dS"),
        ({"inputs": {"S": np.ones((2, 2))}}, "inputs: dP is missing; expected S, dP"),
        ({"inputs": {"S": np.ones((2, 2)), "T": 1}}, "inputs: there is no T here; expected S, dP"),
        ({"inputs": {"S": np.ones((2, 2)), "dP": np.ones((2, 3))}}, "inputs: "),
        (
            {"inputs": {"S": np.full((2, 2), np.nan), "dP": np.ones((2, 2))}},
            "inputs: S has an entry that is not a",
        ),
        ({"inputs": {"S": np.ones((2, 0)), "dP": np.ones((2, 0))}}, "inputs: S has no entries, so that nothing"),
    ],
)
def test_what_does_not_fit_is_one_line(options: dict[str, Any], said: str) -> None:
    with pytest.raises(FormulaError) as raised:
        layer("softmax").check(softmax_backward, **options)
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)


def test_numbers_at_which_a_gradient_is_not_defined_are_refused() -> None:
    entropy = derive("H[i] = X[i] * log(X[i])", wrt="X")
    with pytest.raises(FormulaError, match=r"^inputs: dX is not defined at these numbers$"):
        entropy.tolerance({"X": [0.0, 1.0], "dH": [1.0, 1.0]})


def test_what_the_format_cannot_hold_is_not_counted_as_compared() -> None:
    exponential = derive("A[i] = exp(z[i])", wrt="z", name="exponential")
    for z, said in (
        ([20.0, 3.0], "dz is right: its entry is off by at most "),
        ([20.0, 30.0], "dz was not compared: its right numbers are too large for the format."),
    ):
        found = exponential.check(lambda dA, A: dA * A, "float16", inputs={"z": z, "dA": [1.0, 1.0]})
        assert str(found).startswith(said)
        assert found.is_right == (3.0 in z)


def test_a_test_of_ones_own_fails_with_what_is_wrong() -> None:
    mine = derive("A[i] = tanh(z[i])", wrt="z", name="mine")
    mine.assert_gradient(lambda dA, A: dA * (1 - A * A), "bfloat16")
    with pytest.raises(AssertionError, match=r"^mine: dz is wrong: \d+ of \d+ entries are off") as raised:
        mine.assert_gradient(lambda dA, A: dA * (1 - A), dtype="bfloat16")
    assert str(raised.value).count("\n") < 10
