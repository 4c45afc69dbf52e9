"""The book of layers: a file for each operator, with its forward formula alone. All else is derived.

>>> from derivations.layers import operators
>>> print(operators()["tanh"].layer.numpy.splitlines()[-2].strip())
dz = dA * (1 - A**2)
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from functools import cache

from derivations.layers.operator import KINDS, Operator

__all__ = ["KINDS", "Operator", "operators"]


@cache
def operators() -> dict[str, Operator]:
    """Every operator by the name of its file, kind after kind."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__) if info.name != "operator")
    found = {name: _operator(name) for name in names}
    return dict(sorted(found.items(), key=lambda item: KINDS.index(item[1].kind)))


def _operator(name: str) -> Operator:
    module = importlib.import_module(f"{__name__}.{name}")
    (operator,) = [value for value in vars(module).values() if isinstance(value, Operator)]
    return replace(operator, name=name)
