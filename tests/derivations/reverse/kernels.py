"""Backward passes as kernels compute them: in float32, in some order of summation, and with casts where they store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Values = Mapping[str, Any]
Total = Callable[[Array, int], Array]
Cast = Callable[[Array], Array]
Gradients = dict[str, Array]

FORMATS: dict[str, npt.DTypeLike] = {
    "float32": np.float32,
    "bfloat16": ml_dtypes.bfloat16,
    "float16": np.float16,
    "float8_e4m3fn": ml_dtypes.float8_e4m3fn,
    "float8_e5m2": ml_dtypes.float8_e5m2,
}


def cast(values: Any, form: str) -> Array:
    """The nearest numbers of the format, in float32, which has them all."""
    return np.asarray(values, np.float32).astype(FORMATS[form]).astype(np.float32)


# Orders of summation: each keeps the axis, with length 1


def pairwise(values: Array, axis: int) -> Array:
    """As NumPy does along a contiguous axis."""
    return np.asarray(np.ascontiguousarray(np.moveaxis(values, axis, -1)).sum(-1, dtype=np.float32))[..., None]


def one_by_one(values: Array, axis: int) -> Array:
    return np.cumsum(np.moveaxis(values, axis, -1), -1, dtype=np.float32)[..., -1:]


def backwards(values: Array, axis: int) -> Array:
    return one_by_one(np.flip(values, axis), axis)


def by_eights(values: Array, axis: int) -> Array:
    """Eight sums side by side, as with vector registers, and then their sum."""
    values = np.moveaxis(values, axis, -1)
    room = np.zeros((*values.shape[:-1], -values.shape[-1] % 8), np.float32)
    lanes = np.concatenate([values, room], -1).reshape(*values.shape[:-1], -1, 8)
    return one_by_one(one_by_one(lanes, -2)[..., 0], -1)


ORDERS: tuple[Total, ...] = (pairwise, one_by_one, backwards, by_eights)


@dataclass(frozen=True)
class Kernel:
    """A backward pass of a layer of the book, by the layer's names, and the names that it stores."""

    gradients: Callable[[Values, Total, Cast], Gradients]
    stores: tuple[str, ...] = ()


def summed(total: Total, values: Array, axis: int) -> Array:
    """Without the axis."""
    return total(values, axis)[..., 0]


def product(left: Array, right: Array, total: Total) -> Array:
    """left @ right, in this order of summation."""
    return summed(total, left[:, :, None] * right[None], 1)


def softmax_of(scores: Array, axis: int, total: Total) -> Array:
    exps = np.exp(scores - scores.max(axis, keepdims=True))
    return exps / np.expand_dims(summed(total, exps, axis), axis)


def softmax(v: Values, total: Total, stored: Cast) -> Gradients:
    P = stored(softmax_of(v["S"], 0, total))
    return {"dS": P * (v["dP"] - summed(total, P * v["dP"], 0))}


def cross_entropy(v: Values, total: Total, stored: Cast) -> Gradients:
    P = stored(softmax_of(v["S"], 0, total))
    return {"dS": (P - v["Y"]) / np.float32(P.shape[1])}


def layer_norm(v: Values, total: Total, _: Cast) -> Gradients:
    X, dY, D = v["X"], v["dY"], np.float32(v["X"].shape[1])
    centered = X - total(X, 1) / D
    r = 1 / np.sqrt(total(centered**2, 1) / D + np.float32(v["eps"]))
    xh, dxh = centered * r, dY * v["gamma"]
    dX = r * (dxh - total(dxh, 1) / D - xh * total(dxh * xh, 1) / D)
    return {"dX": dX, "dgamma": summed(total, dY * xh, 0), "dbeta": summed(total, dY, 0)}


def rms_norm(v: Values, total: Total, _: Cast) -> Gradients:
    X, dY, D = v["X"], v["dY"], np.float32(v["X"].shape[1])
    r = 1 / np.sqrt(total(X * X, 1) / D + np.float32(v["eps"]))
    dxh = dY * v["g"]
    return {"dX": r * dxh - X * r**3 * total(dxh * X, 1) / D, "dg": summed(total, dY * X * r, 0)}


def affine(v: Values, total: Total, _: Cast) -> Gradients:
    return {
        "dX": product(v["W"].T, v["dY"], total),
        "dW": product(v["dY"], v["X"].T, total),
        "db": summed(total, v["dY"], 1),
    }


def silu(v: Values, _: Total, __: Cast) -> Gradients:
    s = 1 / (1 + np.exp(-v["z"]))
    return {"dz": v["dA"] * (s + v["z"] * s * (1 - s))}


def attention(v: Values, total: Total, stored: Cast) -> Gradients:
    Q, K, V, dO = v["Q"], v["K"], v["V"], v["dO"]
    scale = np.float32(1 / np.sqrt(Q.shape[1]))
    P = stored(softmax_of(product(Q, K.T, total) * scale, 1, total))
    dP = product(dO, V.T, total)
    dS = stored(P * (dP - total(P * dP, 1)))
    return {"dQ": product(dS, K, total) * scale, "dK": product(dS.T, Q, total) * scale, "dV": product(P.T, dO, total)}


def embedding(v: Values, _: Total, stored: Cast) -> Gradients:
    """Each row's gradients are added to what is stored, which is rounded each time."""
    dE = np.zeros_like(v["E"])
    for column, label in enumerate(v["t"]):
        dE[:, label] = stored(dE[:, label] + v["dY"][:, column])
    return {"dE": dE}


KERNELS: dict[str, Kernel] = {
    "affine": Kernel(affine),
    "attention": Kernel(attention, stores=("P", "dS")),
    "cross_entropy": Kernel(cross_entropy, stores=("P",)),
    "embedding": Kernel(embedding, stores=("dE",)),
    "layer_norm": Kernel(layer_norm),
    "rms_norm": Kernel(rms_norm),
    "silu": Kernel(silu),
    "softmax": Kernel(softmax, stores=("P",)),
}
