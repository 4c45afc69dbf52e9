"""How well the network learns the spiral at the post's settings, over 20 seeds."""

from __future__ import annotations

import numpy as np

from benchmarks.result import Result, Target
from netcode.data import spiral
from netcode.network import forward, initialize, loss, one_hot
from netcode.training.gradient_descent import GradientDescent

SEEDS = 20
UPDATES = 10_000
HIDDEN, CLASSES, LEARNING_RATE, LAM = 25, 3, 1.0, 1e-3


def run(quick: bool) -> Result:
    """Train once for each seed, which makes both the data's noise and the initial weights."""
    seeds = range(2 if quick else SEEDS)
    accuracies, losses = np.array([_train(seed, 100 if quick else UPDATES) for seed in seeds]).T
    return Result(
        id="accuracy",
        title=f"Accuracy on the spiral after {100 if quick else UPDATES:,} updates, over {len(seeds)} seeds",
        note=(
            "Of the points trained on, as in the post; the spread is the standard deviation. The ceiling is 298 of "
            "300: three points lie at the origin, with three different labels."
        ),
        columns={
            "name": "",
            "accuracy": "accuracy",
            "accuracy_spread": "±",
            "least": "least",
            "most": "most",
            "loss": "loss",
            "loss_spread": "±",
        },
        rows=[
            {
                "name": "netcode",
                "accuracy": float(accuracies.mean()),
                "accuracy_spread": float(accuracies.std(ddof=1)),
                "least": float(accuracies.min()),
                "most": float(accuracies.max()),
                "loss": float(losses.mean()),
                "loss_spread": float(losses.std(ddof=1)),
            },
            # Measured with the post's own code, over 20 seeds of its own, after 10,001 updates.
            {"name": "the post", "accuracy": 0.9873, "accuracy_spread": 0.0045, "loss": 0.2436, "loss_spread": 0.0033},
            {"name": "the ceiling", "accuracy": 298 / 300},
        ],
        targets=[Target("mean accuracy", float(accuracies.mean()), 0.985, at_least=True)],
    )


def _train(seed: int, updates: int) -> tuple[float, float]:
    """The accuracy and the loss after the updates."""
    rows, y = spiral(classes=CLASSES, seed=seed)
    X, Y = rows.T, one_hot(y, CLASSES)
    start = initialize(len(X), HIDDEN, CLASSES, seed)
    descent = GradientDescent(X, Y, start, learning_rate=LEARNING_RATE, lam=LAM, updates=updates)
    for _ in descent:
        pass
    Z2 = forward(X, descent.parameters).Z2
    return float(np.mean(Z2.argmax(axis=0) == y)), loss(Z2, Y, descent.parameters, LAM)
