"""Derivatives computed from the loss alone, entry by entry, in two independent ways.

A kink of ReLU is what a naive difference quotient stumbles over: where a preactivation is 0, or so near to 0 that the
step crosses it, the slopes on the two sides differ, and the quotient is a mixture of both. At such an entry it is
taken on the side where the point itself lies (a preactivation of exactly 0 counts as not active: ReLU'(0) = 0), by
holding the set of active units fixed. So no entry is left out; `kinks` tells which ones were treated in this way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from netcode.deep_network import forward, loss
from netcode.gradients.rounding import EPSILON, rounding_scale, rounding_scale_of_scores
from netcode.parameters import Parameters
from netcode.shapes import Array, Float, Shaped

STEP = 1e-5  # for a score that changes by it, truncation and rounding errors are both near 1e-10 of the gradient

Layers = dict[int, Shaped[Array, "_ m"]]
"""An array for each layer, by its number."""


class Derivatives(NamedTuple):
    """Numeric derivatives of the loss, how far from a right gradient they may be, and where a kink was in the way."""

    values: Parameters
    tolerances: Parameters
    kinks: Parameters


Method = Callable[[Float[Array, "n m"], Float[Array, "C m"], Parameters, float], Derivatives]


def central_differences(
    X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float
) -> Derivatives:
    """(L(v + s) - L(v - s)) / 2s for each entry v of each parameter, L being the network's own loss.

    The step s is 1e-5, or less where the scores would change by more than 1e-5. What an entry may deviate by:
    the truncation error, which is of the order of 1e-10 of the sum of the magnitudes of the gradient's terms, and the
    rounding error of L divided by s.
    """
    Z, A, _ = forward(X, parameters)
    last = parameters.depth
    steps = _steps(X, A, parameters)
    values, kinks = np.empty(steps.flat.size), np.empty(steps.flat.size, bool)
    for k, step in enumerate(steps.flat):
        above, below = _moved(parameters, k, step), _moved(parameters, k, -step)
        Z_above, Z_below = forward(X, above).Z, forward(X, below).Z
        kinks[k] = _crosses_kink(Z, Z_above) or _crosses_kink(Z, Z_below)
        if kinks[k]:
            Z_above, Z_below = _scores(X, above, active=Z), _scores(X, below, active=Z)
        rise = loss(Z_above[last], Y, above, lam) - loss(Z_below[last], Y, below, lam)
        values[k] = rise / (above.flat[k] - below.flat[k])  # 2s as it is after rounding
    size = rounding_scale_of_scores(X, parameters) + abs(loss(Z[last], Y, parameters, lam))
    tolerances = 10 * STEP**2 * rounding_scale(X, Y, parameters, lam).flat + 8 * EPSILON * size / steps.flat
    return Derivatives(*map(parameters.viewing, (values, tolerances, kinks)))


def complex_step(X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float) -> Derivatives:
    """Im L(v + i s) / s for each entry v of each parameter, at s = 1e-30: no difference is taken, so nothing cancels.

    (Squire and Trapp, "Using Complex Variables to Estimate Derivatives of Real Functions", 1998.) An entry may deviate
    by 16 epsilon of the sum of the magnitudes of the gradient's terms, 8 for each of the two gradients compared; where
    scores are large, their rounding errors, which are relative errors of the probabilities, come on top.
    """
    Z = forward(X, parameters).Z
    s = 1e-30
    values, kinks = np.empty(parameters.flat.size), np.empty(parameters.flat.size, bool)
    for k in range(parameters.flat.size):
        moved = _moved(parameters, k, 1j * s)
        Z_moved = _scores(X, moved, active=Z)
        kinks[k] = any(np.any((Z[l] == 0) & (Z_moved[l].imag != 0)) for l in _hidden(Z))
        penalty = lam / 2 * sum(np.sum(W**2) for W in moved.W.values())
        values[k] = (_complex_cross_entropy(Z_moved[parameters.depth], Y) + penalty).imag / s
    factor = 16 * EPSILON * (1 + rounding_scale_of_scores(X, parameters))
    underflow = np.finfo(np.float64).tiny / s
    tolerances = factor * rounding_scale(X, Y, parameters, lam).flat + underflow
    return Derivatives(*map(parameters.viewing, (values, tolerances, kinks)))


def _steps(X: Float[Array, "n m"], A: Layers, parameters: Parameters) -> Parameters:
    """For each entry, the step that changes no score, and no preactivation of its layer, by more than STEP.

    At most STEP.
    """
    steps: list[Array] = []
    through = np.eye(parameters[-1].size)  # how a score may change with a unit of the layer: products of |weights|
    for l in range(parameters.depth, 0, -1):
        reach = np.maximum(1, through.max(axis=0)[:, np.newaxis])
        largest_inputs = np.abs(A[l - 1] if l > 1 else X).max(axis=1)
        steps = [STEP / np.maximum(1, reach * largest_inputs), STEP / reach, *steps]
        through = through @ np.abs(parameters.W[l])
    return Parameters(*steps)


def _moved(parameters: Parameters, k: int, step: complex) -> Parameters:
    """A copy, whose entry number k is moved by the step."""
    flat = parameters.flat.astype(np.result_type(parameters.flat, type(step)))
    flat[k] += step
    return parameters.viewing(flat)


def _scores(X: Float[Array, "n m"], parameters: Parameters, active: Layers) -> Layers:
    """The scores of each layer if the active units are those where `active` is positive, whatever the scores' signs."""
    Z: dict[int, Array] = {}
    A = X
    for l, W in parameters.W.items():
        Z[l] = W @ A + parameters.b[l]
        A = Z[l] * (active[l] > 0)
    return Z


def _crosses_kink(before: Layers, after: Layers) -> bool:
    """Whether a preactivation of a hidden unit comes to 0, passes 0, or leaves 0.

    Up to the first kink on the way all of them move along straight lines, so that the two ends tell.
    """
    return any(not np.array_equal(np.sign(before[l]), np.sign(after[l])) for l in _hidden(before))


def _hidden(layers: Layers) -> range:
    return range(1, len(layers))


def _complex_cross_entropy(scores: Shaped[Array, "C m"], Y: Float[Array, "C m"]) -> Any:
    """The mean cross-entropy, its complex continuation: the shift that prevents overflow is a real number."""
    scores = scores - scores.real.max(axis=0)
    return np.mean(np.log(np.exp(scores).sum(axis=0)) - (Y * scores).sum(axis=0))
