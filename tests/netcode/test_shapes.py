from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys

import jaxtyping
import numpy as np
import pytest

import netcode
from netcode import backward, forward, initialize, one_hot
from netcode.network import softmax

X = np.ones((2, 5))
Y = one_hot(np.array([0, 1, 2, 0, 1]), 3)
PARAMETERS = initialize(2, 4, 3, seed=0)


def test_a_right_call_passes() -> None:
    backward(X, Y, PARAMETERS, forward(X, PARAMETERS), 0.1)


@pytest.mark.parametrize(
    ("name", "shape"), [("W1", (4, 3)), ("b1", (4,)), ("b1", (1, 4)), ("W2", (4, 3)), ("b2", (3, 2)), ("W1", (2, 4))]
)
def test_a_parameter_of_the_wrong_shape_is_refused(name: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(jaxtyping.TypeCheckError):
        forward(X, PARAMETERS._replace(**{name: np.ones(shape)}))


def test_sizes_are_tied_across_arguments() -> None:
    with pytest.raises(jaxtyping.TypeCheckError):
        backward(X, Y[:, :4], PARAMETERS, forward(X, PARAMETERS), 0.1)
    with pytest.raises(jaxtyping.TypeCheckError):
        backward(X, Y, PARAMETERS, forward(X[:, :4], PARAMETERS), 0.1)
    with pytest.raises(jaxtyping.TypeCheckError):
        backward(X, Y, initialize(2, 5, 3, seed=0), forward(X, PARAMETERS), 0.1)


def test_integers_are_not_floats() -> None:
    with pytest.raises(jaxtyping.TypeCheckError):
        softmax(np.ones((3, 2), int))


def test_every_shape_in_a_signature_is_understood() -> None:
    """One that can't be evaluated is not enforced, silently."""
    for module in pkgutil.walk_packages(netcode.__path__, "netcode."):
        if module.name == "netcode.__main__":
            continue
        names = vars(importlib.import_module(module.name))
        for value in [v for v in names.values() if getattr(v, "__module__", None) == module.name]:
            for owner in [value, *vars(value).values()] if inspect.isclass(value) else [value]:
                for hint in getattr(owner, "__annotations__", {}).values():
                    text = getattr(hint, "__forward_arg__", hint)
                    if isinstance(text, str) and "[Array" in text:
                        eval(text, names)


def test_netcode_works_without_jaxtyping() -> None:
    code = """
import sys
for name in ("jaxtyping", "beartype", "sympy", "mpmath", "rich", "sklearn", "matplotlib"):
    sys.modules[name] = None
import typing
import numpy as np
import netcode
parameters = netcode.initialize(2, 3, 4, seed=0)
netcode.forward(np.ones((2, 5)), parameters)
typing.get_type_hints(netcode.forward)
assert netcode.Classifier(updates=3).fit([[0.0], [1.0]], ["a", "b"]).predict([[0.0]]) in ("a", "b")
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_netcode_is_cheap() -> None:
    code = """
import sys
import netcode
heavy = {"sympy", "mpmath", "rich", "sklearn", "matplotlib", "derivations"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_parameters_are_in_the_order_of_the_layers() -> None:
    assert initialize(2, 4, 3, seed=0)._fields == ("W1", "b1", "W2", "b2")
