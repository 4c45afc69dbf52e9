"""A network and what it is asked to learn: all that its loss and its gradient are functions of."""

from __future__ import annotations

from typing import NamedTuple

from netcode.parameters import Parameters
from netcode.shapes import Array, Float


class Problem(NamedTuple):
    """Examples as columns, a column of targets for each, the parameters, and the strength of the penalty.

    Its four fields are what `loss`, `backward` and the ways to check a gradient take.
    """

    X: Float[Array, "n m"]
    Y: Float[Array, "C m"]
    parameters: Parameters
    lam: float
