"""The names of the features of a data frame: kept by `fit`, and compared with those of what is predicted later."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcode.errors import InputError

MAX_SHOWN = 5


def feature_names(X: Any) -> NDArray[Any] | None:
    """The names of the columns of X (n,), as objects. None unless X has columns whose names are all strings."""
    columns = getattr(X, "columns", None)
    names = [] if columns is None or callable(columns) else list(columns)
    return np.array(names, dtype=object) if names and all(isinstance(name, str) for name in names) else None


def check_feature_names(X: Any, known: NDArray[Any] | None) -> None:
    """Hold the names of X against those that are `known` since fit.

    Raises InputError if they are others, or in another order. Warns if X has none: its columns are then taken in order.
    """
    names = feature_names(X)
    if known is None or (names is not None and np.array_equal(names, known)):
        return
    if names is None:
        message = "X does not have valid feature names, but Classifier was fitted with feature names"
        warnings.warn(message, UserWarning, stacklevel=4)
        return
    unseen, missing = sorted(set(names) - set(known)), sorted(set(known) - set(names))
    raise InputError(
        "The feature names should match those that were passed during fit.\n"  # as scikit-learn's tools expect it
        + _listed("Feature names unseen at fit time", unseen)
        + _listed("Feature names seen at fit time, yet now missing", missing)
        + "Feature names must be in the same order as they were in fit.\n" * (not unseen and not missing)
    )


def _listed(title: str, names: list[str]) -> str:
    shown = names if len(names) <= MAX_SHOWN else [*names[:MAX_SHOWN], "..."]
    return "".join([f"{title}:\n", *(f"- {name}\n" for name in shown)]) if names else ""
