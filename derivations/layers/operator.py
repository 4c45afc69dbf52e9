"""An entry of the book of layers: its forward formula, and nothing that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from derivations.reverse import Layer, derive

__all__ = ["KINDS", "Kind", "Operator"]

Kind = Literal[
    "linear", "activation", "softmax", "loss", "penalty", "normalization", "block", "attention", "recurrent", "model"
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
"""In the order in which the book shows them."""


@dataclass(frozen=True)
class Operator:
    """An operator that networks are made of. No gradient is written by hand: `layer` derives them all.

    - `sentence`: what it does, in one sentence
    - `source`: where it comes from, with a place to look it up
    - `forward`: the formula, see `derivations.reverse.reading`
    - `wrt`: the names to differentiate with respect to
    - `assume`: what is assumed, such as `eps > 0`
    - `wrong`: gradients that are often written, and what is wrong with each; the machine has to refute them
    """

    title: str
    kind: Kind
    sentence: str
    source: str
    forward: str
    wrt: str
    assume: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    @cached_property
    def layer(self) -> Layer:
        """The derived layer."""
        return derive(self.forward, self.wrt, assume=self.assume, name=self.name or "layer")
