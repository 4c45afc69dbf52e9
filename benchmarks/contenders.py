"""Implementations of one and the same training step: full-batch gradient descent in float64 on one thread.

Each takes its data in the layout that suits it, before the clock runs. `agree` makes sure that all compute the same.
"""

from __future__ import annotations

import importlib.util
import sys
import warnings
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

from benchmarks.problem import Problem
from netcode.network import backward, forward, update
from netcode.parameters import Parameters, names
from netcode.training.training_step import TrainingStep


class Contender(Protocol):
    """Made with a problem, started from its initial parameters, then made to take steps."""

    name: str

    def __init__(self, problem: Problem) -> None: ...

    def start(self) -> None:
        """Begin at the initial parameters."""

    def train(self, steps: int) -> None:
        """Take so many full training steps; returns when they are done."""

    def parameters(self) -> Parameters:
        """The parameters after the steps so far."""


class FastNetcode:
    """What `netcode` trains with."""

    name = "netcode"
    with_loss = False

    def __init__(self, problem: Problem) -> None:
        self._problem, self._X, self._Y = problem, problem.X, problem.Y

    def start(self) -> None:
        self._step = TrainingStep(self._problem.initial(), self._problem.learning_rate, self._problem.lam)

    def train(self, steps: int) -> None:
        for _ in range(steps):
            self._step(self._X, self._Y, self.with_loss)

    def parameters(self) -> Parameters:
        return self._step.parameters


class FastNetcodeWithLoss(FastNetcode):
    """The same, when the loss is asked for as well: training does, to draw its curve."""

    name = "netcode, with the loss"
    with_loss = True


class PlainNetcode:
    """The formulas as they are read: `forward`, `backward`, `update`."""

    name = "netcode, the plain formulas"

    def __init__(self, problem: Problem) -> None:
        self._problem, self._X, self._Y = problem, problem.X, problem.Y

    def start(self) -> None:
        self._parameters = self._problem.initial()

    def train(self, steps: int) -> None:
        lam, learning_rate = self._problem.lam, self._problem.learning_rate
        for _ in range(steps):
            now = self._parameters
            gradients = backward(self._X, self._Y, now, forward(self._X, now), lam)
            self._parameters = update(now, gradients, learning_rate)

    def parameters(self) -> Parameters:
        return self._parameters


class PyTorch:
    """Eager mode with torch.optim.SGD; the penalty is SGD's weight decay, for the weights alone."""

    name = "PyTorch"
    decay_by_optimizer = True

    def __init__(self, problem: Problem) -> None:
        import torch

        torch.set_num_threads(1)
        self._torch: Any = torch
        self._problem = problem
        self._X, self._y = torch.from_numpy(problem.rows), torch.from_numpy(problem.y)

    def start(self) -> None:
        torch, problem = self._torch, self._problem
        first = torch.nn.Linear(problem.n, problem.h, dtype=torch.float64)
        second = torch.nn.Linear(problem.h, problem.C, dtype=torch.float64)
        W1, b1, W2, b2 = (torch.from_numpy(parameter) for parameter in problem.initial())
        with torch.no_grad():
            for layer, W, b in ((first, W1, b1), (second, W2, b2)):
                layer.weight.copy_(W)
                layer.bias.copy_(b[:, 0])
        self._layers = first, second
        self._network = torch.nn.Sequential(first, torch.nn.ReLU(), second)
        self._loss = torch.nn.CrossEntropyLoss()
        groups = [
            {"params": [first.weight, second.weight], "weight_decay": problem.lam * self.decay_by_optimizer},
            {"params": [first.bias, second.bias]},
        ]
        self._optimizer = torch.optim.SGD(groups, lr=problem.learning_rate)

    def train(self, steps: int) -> None:
        for _ in range(steps):
            self._optimizer.zero_grad()
            self._loss(self._network(self._X), self._y).backward()
            self._optimizer.step()

    def parameters(self) -> Parameters:
        first, second = (
            (layer.weight.detach().numpy(), layer.bias.detach().numpy()[:, np.newaxis]) for layer in self._layers
        )
        return Parameters(*first, *second)


class PyTorchWithPenalty(PyTorch):
    """The same, but the penalty is a part of the loss, as it is written."""

    name = "PyTorch, the penalty in the loss"
    decay_by_optimizer = False

    def train(self, steps: int) -> None:
        first, second = self._layers
        for _ in range(steps):
            self._optimizer.zero_grad()
            penalty = self._problem.lam / 2 * ((first.weight**2).sum() + (second.weight**2).sum())
            (self._loss(self._network(self._X), self._y) + penalty).backward()
            self._optimizer.step()


class JAX:
    """One compiled function from parameters to parameters, the old ones' memory given back; waited for."""

    name = "JAX, jit"

    def __init__(self, problem: Problem) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)
        jnp = jax.numpy
        self._problem = problem
        self._jax: Any = jax
        self._X, self._Y = jnp.asarray(problem.rows), jnp.asarray(problem.Y.T)
        lam, learning_rate = problem.lam, problem.learning_rate

        def loss(parameters: Any, X: Any, Y: Any) -> Any:
            W1, b1, W2, b2 = parameters
            Z2 = jax.nn.relu(X @ W1 + b1) @ W2 + b2
            cross_entropy = -(Y * jax.nn.log_softmax(Z2)).sum(axis=1).mean()
            return cross_entropy + lam / 2 * ((W1**2).sum() + (W2**2).sum())

        def step(parameters: Any, X: Any, Y: Any) -> Any:
            gradients = jax.grad(loss)(parameters, X, Y)
            return tuple(v - learning_rate * dv for v, dv in zip(parameters, gradients, strict=True))

        self._step = jax.jit(step, donate_argnums=0).lower(self._rows_of_initial(), self._X, self._Y).compile()

    def _rows_of_initial(self) -> tuple[Any, ...]:
        W1, b1, W2, b2 = self._problem.initial()
        return tuple(self._jax.numpy.array(v) for v in (W1.T, b1[:, 0], W2.T, b2[:, 0]))

    def start(self) -> None:
        self._parameters = self._rows_of_initial()

    def train(self, steps: int) -> None:
        for _ in range(steps):
            self._parameters = self._jax.block_until_ready(self._step(self._parameters, self._X, self._Y))

    def parameters(self) -> Parameters:
        W1, b1, W2, b2 = (np.asarray(v) for v in self._parameters)
        return Parameters(W1.T, b1[:, np.newaxis], W2.T, b2[:, np.newaxis])


class ScikitLearn:
    """MLPClassifier with plain SGD: epochs of a single batch, all in one call of `fit`."""

    name = "scikit-learn"

    def __init__(self, problem: Problem) -> None:
        import sklearn.neural_network

        self._make: Any = sklearn.neural_network.MLPClassifier
        self._problem = problem

    def start(self) -> None:
        problem = self._problem
        self._classifier = self._make(
            hidden_layer_sizes=(problem.h,),
            solver="sgd",
            alpha=problem.lam * problem.m,  # there, the penalty is divided by the number of examples
            batch_size=problem.m,
            learning_rate_init=problem.learning_rate,
            momentum=0.0,
            nesterovs_momentum=False,
            shuffle=False,
            n_iter_no_change=sys.maxsize,
            warm_start=True,
        )
        self.train(1)  # this makes the arrays; they then get our values
        W1, b1, W2, b2 = problem.initial()
        for own, ours in zip(self._classifier.coefs_, (W1, W2), strict=True):
            own[:] = ours.T
        for own, ours in zip(self._classifier.intercepts_, (b1, b2), strict=True):
            own[:] = ours[:, 0]

    def train(self, steps: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it hasn't converged yet
            self._classifier.set_params(max_iter=steps).fit(self._problem.rows, self._problem.y)

    def parameters(self) -> Parameters:
        W1, W2 = self._classifier.coefs_
        b1, b2 = self._classifier.intercepts_
        return Parameters(W1.T, b1[:, np.newaxis], W2.T, b2[:, np.newaxis])


OURS: tuple[type[Contender], ...] = (FastNetcode, FastNetcodeWithLoss, PlainNetcode)
RIVALS: dict[type[Contender], tuple[str, str]] = {
    PyTorch: ("torch", "pip install torch"),
    PyTorchWithPenalty: ("torch", "pip install torch"),
    JAX: ("jax", "pip install jax"),
    ScikitLearn: ("sklearn", "pip install scikit-learn"),
}


def installed() -> tuple[list[type[Contender]], list[str]]:
    """The contenders that can run here, and a line for each of the others."""
    present, left_out = list(OURS), []
    for rival, (module, command) in RIVALS.items():
        if importlib.util.find_spec(module):
            present.append(rival)
        else:
            left_out.append(f"{rival.name}, which is not installed: {command}")
    return present, left_out


def agree(contenders: Iterable[Contender], steps: int = 3) -> None:
    """Start all, take a few steps, and compare the parameters. Raises ArithmeticError if they are not the same."""
    first, *others = contenders
    for contender in (first, *others):
        contender.start()
        contender.train(steps)
    for other in others:
        for name, ours, theirs in zip(names(2), first.parameters(), other.parameters(), strict=True):
            if not np.allclose(ours, theirs, rtol=1e-9, atol=1e-11):
                raise ArithmeticError(
                    f"after {steps} steps {other.name} has another {name} than {first.name}: "
                    f"they differ by {np.abs(ours - theirs).max():.1e}"
                )
