"""The derivation of one gradient of a layer: from the chain rule to its shortest form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sympy import Expr

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.evaluate import free_quantities
from derivations.calculus.writers.notation import with_gradients
from derivations.proofs.claims import Claim
from derivations.proofs.derivation import Derivation
from derivations.proofs.registry import Address

__all__ = ["Gradient"]


class Gradient(Derivation):
    """dX = what comes back through each name that X is in = ... = the gradient in its shortest form.

    The first line says what dX is. That it is the derivative of what comes out of the layer, through all names, is a
    claim of its own, see `Layer`.
    """

    def __init__(
        self,
        layer: Address,
        gradient: Expr,
        chain: Sequence[tuple[Expr, str]],
        where: Definitions,
        assumptions: Iterable[Assumption],
    ) -> None:
        self.layer = layer
        rule = {gradient: chain[0][0]}
        known = {**where, **rule}
        written = with_gradients(free_quantities([*known, *known.values()]))
        title = f"the gradient {gradient}"
        super().__init__(title, gradient, *chain, where=known, assumptions=assumptions, notation=written)

    @property
    def address(self) -> Address:
        """The layer and the gradient's name."""
        return replace(self.layer, name=f"{self.layer.name}.{name_of(self.start)}", arguments=())

    def claims(self) -> list[Claim]:
        """A claim for each link but the first, which holds by definition."""
        return super().claims()[1:]
