"""A trained network as a file: an NPZ archive of plain arrays, no pickles, replaced in one step or not at all.

It holds `format` and `version`, the parameters `W1, b1, W2, b2, ...` of each layer, the labels `classes` (C,) in the
order of the scores, `mean` and `scale` (n,), by which each feature is shifted and divided before it enters the network,
`fill` (n,), what takes the place of a missing value, and the table's columns, as `netcode.data.schema` has them.
`updates` and `settings`, in JSON, say how far its training has come. Version 1, under another name, is for exactly two
layers and ends with `scale`.
"""

from __future__ import annotations

import json
from collections.abc import Container
from itertools import count, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcode.archives import open_archive
from netcode.data.schema import SHAPES, Schema
from netcode.deep_network import forward
from netcode.errors import InputError
from netcode.files import atomic_write
from netcode.parameters import Parameters, names
from netcode.shapes import Array, Float

FORMAT = "checked-backprop network"
VERSION = 2
BLOCK = 10_000  # examples computed at a time, to bound the memory
FEATURES = ("classes", "mean", "scale", "fill")
KNOWN = {FORMAT: VERSION, "checked-backprop two-layer network": 1}


class Progress(NamedTuple):
    """How far a training has come: so many updates, with these settings. Equal settings lead to equal weights."""

    updates: int
    settings: dict[str, Any]


NO_PROGRESS = Progress(-1, {})


class Model(NamedTuple):
    """All that predicting takes. At this door examples are rows."""

    parameters: Parameters
    classes: NDArray[Any]  # (C,)
    mean: Float[Array, " n"]
    scale: Float[Array, " n"]  # positive
    fill: Float[Array, " n"]  # for missing values
    schema: Schema
    progress: Progress | None = None

    @np.errstate(over="ignore", invalid="ignore")  # who uses infinite features is told so there
    def standardized(self, X: Float[Array, "m n"]) -> Float[Array, "m n"]:
        """The features as they enter the network. A missing value is NaN."""
        filled = np.where(np.isnan(X), self.fill, X) if np.isnan(X).any() else X
        return (filled - self.mean) / self.scale

    def predict_proba(self, X: Float[Array, "m n"]) -> Float[Array, "m C"]:
        """The probability of each class for each example.

        Raises InputError where features are so large that the scores are no longer finite.
        """
        blocks = (X[start : start + BLOCK] for start in range(0, len(X), BLOCK))
        with np.errstate(over="ignore", invalid="ignore"):
            P = np.concatenate([forward(self.standardized(block).T, self.parameters).P.T for block in blocks])
        for row in np.flatnonzero(np.isnan(P).any(axis=1))[:1]:
            raise InputError(f"example {row + 1}: its scores overflow; expected features of the size trained with")
        return P

    def predict(self, X: Float[Array, "m n"]) -> NDArray[Any]:
        """The most probable label of each example, as (m,)."""
        labels: NDArray[Any] = self.classes[self.predict_proba(X).argmax(axis=1)]
        return labels


def save(path: Path, model: Model) -> None:
    """Write `model`; until it is wholly written, an earlier file at `path` stays as it is.

    Raises OSError if it can't be written.
    """
    progress = model.progress or NO_PROGRESS
    arrays: dict[str, Any] = {
        "format": np.array(FORMAT),
        "version": np.array(VERSION),
        "classes": model.classes,
        "mean": model.mean,
        "scale": model.scale,
        "fill": model.fill,
        **model.schema.arrays(),
        **model.parameters._asdict(),
        "updates": np.array(progress.updates),
        "settings": np.array(json.dumps(progress.settings)),
    }
    with atomic_write(path) as file:
        np.savez(file, **arrays)


def load(path: Path) -> Model:
    """The model that `save` wrote.

    Raises InputError if the file is truncated, damaged, not such a model or of a later version, OSError if it can't be
    opened.
    """
    with open_archive(path) as archive:
        wanted = ("format", "version", *names(_depth(archive.names)), *FEATURES, *SHAPES, "updates", "settings")
        arrays = {name: archive.read(name) for name in wanted if name in archive.names}
    version = next((version for name, version in KNOWN.items() if _is(arrays.get("format"), name)), None)
    if version is None:
        raise InputError(f"{path}: not a model; expected a file that `python -m netcode train --save` wrote")
    if not _is(arrays.get("version"), version):
        raise InputError(f"{path}: a model of version {arrays.get('version')}; expected version {version}")
    if version == 1:
        arrays = _as_version_2(arrays)
    if damage := _damage(arrays):
        raise InputError(f"{path}: a damaged model: {damage}")
    parameters = Parameters(*(arrays[name] for name in names(_depth(arrays))))
    columns = Schema.of_arrays(arrays, len(arrays["mean"]))
    kept = {name: arrays[name] for name in FEATURES}
    return Model(parameters, **kept, schema=columns, progress=_progress(arrays))


def _progress(arrays: dict[str, NDArray[Any]]) -> Progress | None:
    """How far its training has come, if the file says so."""
    try:
        updates, settings = int(arrays["updates"].item()), json.loads(arrays["settings"].item())
    except (ValueError, TypeError, OverflowError):
        return None
    return Progress(updates, settings) if updates >= 0 and isinstance(settings, dict) else None


def _as_version_2(arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """With what was not yet kept then: the columns are known by their places alone."""
    mean = arrays.get("mean", np.zeros(1))
    progress = {"updates": np.array(NO_PROGRESS.updates), "settings": np.array("{}")}
    return {**arrays, **progress, "fill": mean, **Schema.plain(max(mean.size, 1)).arrays()}


def _depth(held: Container[str]) -> int:
    """The number of layers whose weights are there, one after another; at least 1."""
    return next(l for l in count(1) if f"W{l + 1}" not in held)


def _is(array: NDArray[Any] | None, value: str | int) -> bool:
    return array is not None and array.shape == () and bool(array.item() == value)


# what it is given may contradict its types


def _damage(arrays: dict[str, NDArray[Any]]) -> str | None:
    """What is missing, or contradicts the sizes that the weights and the classes state, if anything."""
    depth = _depth(arrays)
    if missing := {*names(depth), *FEATURES, "updates", "settings"} - arrays.keys():
        return f"it holds no {min(missing)}"
    classes = arrays["classes"]
    if classes.ndim != 1 or classes.dtype.kind not in "iubU" or len(np.unique(classes)) < 2:
        return "the classes are not two or more labels"
    for l in range(1, depth + 1):
        if arrays[f"W{l}"].ndim != 2:
            return f"W{l} is not a matrix"
    for name, shape in _shapes(arrays, depth).items():
        array = arrays[name]
        if array.shape != shape or array.dtype.kind != "f" or not np.isfinite(array).all():
            return f"{name} is {array.dtype} {array.shape}; expected {shape}, all finite"
    try:
        Schema.of_arrays(arrays, len(arrays["mean"]))
    except ValueError as error:
        return str(error)
    return None if (arrays["scale"] > 0).all() else "scale is not positive"


def _shapes(arrays: dict[str, NDArray[Any]], depth: int) -> dict[str, tuple[int, ...]]:
    """The shapes that fit each other: a layer has as many inputs as the one before has units, the last has C units."""
    n = arrays["W1"].shape[1]
    units = [n, *(len(arrays[f"W{l}"]) for l in range(1, depth)), len(arrays["classes"])]
    shapes: dict[str, tuple[int, ...]] = {"mean": (n,), "scale": (n,), "fill": (n,)}
    for l, (inputs, outputs) in enumerate(pairwise(units), start=1):
        shapes |= {f"W{l}": (outputs, inputs), f"b{l}": (outputs, 1)}
    return shapes
