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

from benchmarks.problem import Case
from netcode.deep_network import backward, forward, update
from netcode.parameters import Parameters
from netcode.training.training_step import TrainingStep


class Contender(Protocol):
    """Made with a case, started from its initial parameters, then made to take steps."""

    name: str

    def __init__(self, case: Case) -> None: ...

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

    def __init__(self, case: Case) -> None:
        self._X, self._Y, self._initial, self._lam = case.problem
        self._learning_rate = case.learning_rate

    def start(self) -> None:
        self._step = TrainingStep(self._initial, self._learning_rate, self._lam)

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

    def __init__(self, case: Case) -> None:
        self._X, self._Y, self._initial, self._lam = case.problem
        self._learning_rate = case.learning_rate

    def start(self) -> None:
        self._parameters = self._initial

    def train(self, steps: int) -> None:
        for _ in range(steps):
            now = self._parameters
            gradients = backward(self._X, self._Y, now, forward(self._X, now), self._lam)
            self._parameters = update(now, gradients.gradient, self._learning_rate)

    def parameters(self) -> Parameters:
        return self._parameters


class PyTorch:
    """Eager mode with torch.optim.SGD; the penalty is SGD's weight decay, for the weights alone."""

    name = "PyTorch"
    decay_by_optimizer = True

    def __init__(self, case: Case) -> None:
        import torch

        torch.set_num_threads(1)
        self._torch: Any = torch
        self._case = case
        self._X, self._y = torch.from_numpy(case.rows), torch.from_numpy(case.y)

    def start(self) -> None:
        torch, parameters = self._torch, self._case.problem.parameters
        self._layers = [torch.nn.Linear(W.shape[1], W.shape[0], dtype=torch.float64) for W in parameters.W.values()]
        with torch.no_grad():
            for l, layer in enumerate(self._layers, start=1):
                layer.weight.copy_(torch.from_numpy(parameters.W[l]))
                layer.bias.copy_(torch.from_numpy(parameters.b[l][:, 0]))
        hidden = [module for layer in self._layers[:-1] for module in (layer, torch.nn.ReLU())]
        self._network = torch.nn.Sequential(*hidden, self._layers[-1])
        self._loss = torch.nn.CrossEntropyLoss()
        decay = self._case.problem.lam * self.decay_by_optimizer
        groups = [
            {"params": [layer.weight for layer in self._layers], "weight_decay": decay},
            {"params": [layer.bias for layer in self._layers]},
        ]
        self._optimizer = torch.optim.SGD(groups, lr=self._case.learning_rate)

    def train(self, steps: int) -> None:
        for _ in range(steps):
            self._optimizer.zero_grad()
            self._loss(self._network(self._X), self._y).backward()
            self._optimizer.step()

    def parameters(self) -> Parameters:
        arrays = (
            array.detach().numpy() for layer in self._layers for array in (layer.weight, layer.bias[:, np.newaxis])
        )
        return Parameters(*arrays)


class PyTorchWithPenalty(PyTorch):
    """The same, but the penalty is a part of the loss, as it is written."""

    name = "PyTorch, the penalty in the loss"
    decay_by_optimizer = False

    def train(self, steps: int) -> None:
        for _ in range(steps):
            self._optimizer.zero_grad()
            penalty = self._case.problem.lam / 2 * sum((layer.weight**2).sum() for layer in self._layers)
            (self._loss(self._network(self._X), self._y) + penalty).backward()
            self._optimizer.step()


class JAX:
    """One compiled function from parameters to parameters, the old ones' memory given back; waited for."""

    name = "JAX, jit"

    def __init__(self, case: Case) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)
        jnp = jax.numpy
        self._initial = case.problem.parameters
        self._jax: Any = jax
        self._X, self._Y = jnp.asarray(case.rows), jnp.asarray(case.problem.Y.T)
        lam, learning_rate = case.problem.lam, case.learning_rate

        def loss(layers: Any, X: Any, Y: Any) -> Any:
            A = X
            for W, b in layers[:-1]:
                A = jax.nn.relu(A @ W + b)
            W, b = layers[-1]
            cross_entropy = -(Y * jax.nn.log_softmax(A @ W + b)).sum(axis=1).mean()
            return cross_entropy + lam / 2 * sum((W**2).sum() for W, _ in layers)

        def step(layers: Any, X: Any, Y: Any) -> Any:
            gradients = jax.grad(loss)(layers, X, Y)
            return jax.tree.map(lambda v, dv: v - learning_rate * dv, layers, gradients)

        self._step = jax.jit(step, donate_argnums=0).lower(self._rows_of_initial(), self._X, self._Y).compile()

    def _rows_of_initial(self) -> list[tuple[Any, Any]]:
        array, W, b = self._jax.numpy.array, self._initial.W, self._initial.b
        return [(array(W[l].T), array(b[l][:, 0])) for l in W]

    def start(self) -> None:
        self._layers = self._rows_of_initial()

    def train(self, steps: int) -> None:
        for _ in range(steps):
            self._layers = self._jax.block_until_ready(self._step(self._layers, self._X, self._Y))

    def parameters(self) -> Parameters:
        layers = ((np.asarray(W).T, np.asarray(b)[:, np.newaxis]) for W, b in self._layers)
        return Parameters(*(array for layer in layers for array in layer))


class ScikitLearn:
    """MLPClassifier with plain SGD: epochs of a single batch, all in one call of `fit`."""

    name = "scikit-learn"

    def __init__(self, case: Case) -> None:
        import sklearn.neural_network

        self._make: Any = sklearn.neural_network.MLPClassifier
        self._case = case

    def start(self) -> None:
        case = self._case
        self._classifier = self._make(
            hidden_layer_sizes=case.hidden,
            solver="sgd",
            alpha=case.problem.lam * case.m,  # there, the penalty is divided by the number of examples
            batch_size=case.m,
            learning_rate_init=case.learning_rate,
            momentum=0.0,
            nesterovs_momentum=False,
            shuffle=False,
            n_iter_no_change=sys.maxsize,
            warm_start=True,
        )
        self.train(1)  # this makes the arrays; they then get our values
        parameters = case.problem.parameters
        for W, ours in zip(self._classifier.coefs_, parameters.W.values(), strict=True):
            W[:] = ours.T
        for b, ours in zip(self._classifier.intercepts_, parameters.b.values(), strict=True):
            b[:] = ours[:, 0]

    def train(self, steps: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it hasn't converged yet
            self._classifier.set_params(max_iter=steps).fit(self._case.rows, self._case.y)

    def parameters(self) -> Parameters:
        layers = zip(self._classifier.coefs_, self._classifier.intercepts_, strict=True)
        return Parameters(*(array for W, b in layers for array in (W.T, b[:, np.newaxis])))


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
        ours_and_theirs = zip(first.parameters(), other.parameters(), strict=True)
        for name, (ours, theirs) in zip(first.parameters()._fields, ours_and_theirs, strict=True):
            if not np.allclose(ours, theirs, rtol=1e-9, atol=1e-11):
                raise ArithmeticError(
                    f"after {steps} steps {other.name} has another {name} than {first.name}: "
                    f"they differ by {np.abs(ours - theirs).max():.1e}"
                )
