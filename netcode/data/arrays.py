"""The arrays that a caller gives, as the network takes them: examples X, labels y, weights. Nothing is mutated.

Some messages hold phrases by which scikit-learn's tools know an error ("Reshape your data"); its checks look for them.
"""

from __future__ import annotations

import reprlib
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netcode.errors import InputError, InputTypeError
from netcode.scikit_learn import conversion_warning
from netcode.shapes import Array, Float

MAX_TARGETS = 50_000_000
"""Entries of Y, classes times examples: 400 MB as numbers."""
EXPECTED = "expected all of them integers, booleans or strings"


def features(X: ArrayLike) -> Float[Array, "m n"]:
    """The examples X as finite float64 numbers, one example a row; X itself if that is what it is.

    Raises InputError if they are none: where, and what is there instead.

    >>> features([[1, 2], [3, 4]])
    array([[1., 2.],
           [3., 4.]])
    """
    _refuse_special("X", X)
    try:
        rows = np.asarray(X)
    except ValueError:
        raise InputError("the rows of X differ in length; expected as many features in each") from None
    if rows.ndim != 2:
        one = ". Reshape your data: X[np.newaxis] has one example, X[:, np.newaxis] one feature" * (rows.ndim == 1)
        raise InputError(f"X has the shape {rows.shape}; expected two dimensions, (examples, features){one}")
    for count, what in zip(rows.shape, ("sample", "feature"), strict=True):
        if count == 0:
            raise InputError(f"X is empty: 0 {what}(s) (shape={rows.shape}) while a minimum of 1 is required.")
    numbers = _numbers(rows).astype(np.float64, copy=False)
    finite = np.isfinite(numbers)
    if not finite.all():
        row, column = np.argwhere(~finite)[0]
        value = str(numbers[row, column]).replace("nan", "NaN")
        raise InputError(f"X has {value} in row {row}, column {column}; expected finite numbers")
    return numbers


def labels(y: ArrayLike, examples: int) -> NDArray[Any]:
    """The labels y (m,) of so many examples, as an array of integers, booleans, whole floats or strings.

    A column (m, 1) is taken too, with a warning. Raises InputError if there aren't as many, or they are no labels.

    >>> labels(np.array(["yes", "no"], dtype=object), examples=2)
    array(['yes', 'no'], dtype='<U3')
    """
    array = _labels(y)
    if len(array) != examples:
        raise InputError(f"y has {len(array)} labels; expected {examples}, one for each example of X")
    return array


def classes_of(y: ArrayLike) -> NDArray[Any]:
    """The different labels in y, sorted. Raises InputError if y holds no labels."""
    return np.unique(_labels(y))


def class_indices(array: NDArray[Any], classes: NDArray[Any]) -> NDArray[np.intp]:
    """The number (m,) of each label's class. Raises InputError for a label that is not among the `classes`."""
    if (array.dtype.kind in "US") != (classes.dtype.kind in "US"):
        raise InputError(f"y holds labels of the type {array.dtype}; expected {classes.dtype}, as the classes")
    indices = np.searchsorted(classes, array).clip(max=len(classes) - 1)
    unknown = np.flatnonzero(classes[indices] != array)
    if len(unknown):
        label = reprlib.repr(array[unknown[0]].item())
        raise InputError(f"y has the label {label} in row {unknown[0]}; expected one of the {len(classes)} classes")
    return indices


def check_classes(C: int, m: int, source: str = "y") -> None:
    """Raises InputError if the targets Y (C, m) would be too large: `source` rather holds numbers than labels."""
    if C * m > MAX_TARGETS:
        raise InputError(
            f"{source}: {C:,} classes of {m:,} examples; expected at most {MAX_TARGETS:,} for their product"
        )


def example_weights(sample_weight: ArrayLike | None, examples: int) -> Float[Array, " m"] | None:
    """The weight of each example, scaled to a mean of 1; None for equal weights.

    Raises InputError unless there are as many, finite, from 0, and not all of them 0.

    >>> example_weights([1, 3], examples=2)
    array([0.5, 1.5])
    """
    if sample_weight is None:
        return None
    _refuse_special("sample_weight", sample_weight)
    try:
        weights = np.asarray(sample_weight, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("sample_weight holds what is no number; expected a number for each example of X") from None
    if weights.shape != (examples,):
        raise InputError(f"sample_weight has the shape {weights.shape}; expected ({examples},), a weight an example")
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(wrong):
        raise InputError(f"sample_weight is {weights[wrong[0]]} in row {wrong[0]}; expected finite numbers from 0")
    if not weights.any():
        raise InputError("all entries of sample_weight are zero; expected a positive weight for at least one example")
    scaled = weights / weights.max()  # first, so that the sum can't overflow
    return None if (scaled == 1).all() else scaled / scaled.mean()


def _refuse_special(name: str, array: object) -> None:
    if type(array).__module__.startswith("scipy.sparse"):
        raise InputTypeError(f"{name} is sparse; expected a dense array, as {name}.toarray() gives")
    if isinstance(array, np.ma.MaskedArray):
        raise InputTypeError(f"{name} is a masked array; expected a plain one, as {name}.filled(value) gives")


def _numbers(rows: NDArray[Any]) -> NDArray[Any]:
    if rows.dtype.kind == "c":
        raise InputError(f"X is {rows.dtype}; expected real numbers. Complex data not supported")
    if rows.dtype.kind in "fiub":
        return rows
    numbers = np.empty(rows.shape)
    for (row, column), value in np.ndenumerate(rows.astype(object)):
        try:
            numbers[row, column] = float(value)
        except (TypeError, ValueError, OverflowError) as error:
            at = f"X has {reprlib.repr(value)} in row {row}, column {column}; expected real numbers"
            if isinstance(error, TypeError):
                raise InputTypeError(f"{at} ({error})") from None
            raise InputError(at) from None
    return numbers


def _labels(y: ArrayLike) -> NDArray[Any]:
    if y is None:
        raise InputError("a classifier requires y to be passed, but the target y is None")
    _refuse_special("y", y)
    try:
        array = np.asarray(y)
    except ValueError:
        raise InputError("y is ragged; expected one label for each example") from None
    if array.ndim == 2 and array.shape[1] == 1:
        message = "A column-vector y was passed when a 1d array was expected; y.ravel() is one"
        warnings.warn(message, conversion_warning(), stacklevel=4)
        array = array[:, 0]
    if array.ndim != 1:
        raise InputError(f"y has the shape {array.shape}; expected one dimension, a label for each example")
    return _plain(array)


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """Labels that are Python objects as NumPy's own strings, booleans or integers."""
    kinds = {type(label) for label in array} if array.dtype.kind == "O" else set()
    if array.dtype.kind == "T" or (kinds and all(issubclass(kind, str) for kind in kinds)):
        return np.array(array.tolist(), dtype=str)
    if kinds and all(issubclass(kind, int | np.integer | np.bool_) for kind in kinds):
        array = np.array(array.tolist())
    if array.dtype.kind == "f":
        broken = np.flatnonzero(array != np.rint(array))
        if len(broken):
            raise InputError(f"y is continuous: {array[broken[0]]} in row {broken[0]}; {EXPECTED}")
    elif array.dtype.kind not in "iubUS":
        held = ", ".join(sorted(kind.__name__ for kind in kinds)) or array.dtype
        raise InputError(f"Unknown label type: y holds {held}; {EXPECTED}")
    return array
