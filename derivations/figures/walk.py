"""A graph that is walked through: forward and back, one operation at a time, with the numbers of a real network."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from derivations.calculus.evaluate import free_quantities
from derivations.figures.drawing import Drawing
from derivations.figures.numbers import array_as_html
from derivations.figures.picture import Moments, inline_formula
from derivations.graph.derivatives import derivative_on
from derivations.graph.model import Edge, Graph
from derivations.graph.steps import Step, Way, backward_step, forward_step
from derivations.graph.typeset import latex, name_in_latex
from derivations.proofs.derivation import Derivation

__all__ = ["Walk"]

BUTTONS = {"back": "Back", "next": "Next", "start": "Start over"}


class Walk:
    """The walk through a graph: in a page a figure with buttons; without scripts its final state, and all steps below.

    forward, backward   the derivation of each operation, in order
    values              the numbers, by name: of what is given, of each operation's result, and of scalars
    local               the local derivatives, by name, as `local_derivatives` makes them
    """

    def __init__(
        self,
        graph: Graph,
        forward: Sequence[Derivation],
        backward: Sequence[Derivation],
        values: Mapping[str, npt.ArrayLike],
        local: Mapping[str, Derivation],
    ) -> None:
        self.graph, self.local = graph, local
        self.values = {name: np.asarray(value, dtype=float) for name, value in values.items()}
        self._gradients = [derivation.result_name or "" for derivation in backward]
        self.steps = [forward_step(graph, derivation) for derivation in forward]
        self.steps += [backward_step(graph, derivation, self._gradients) for derivation in backward]

    def __repr__(self) -> str:
        return "\n".join(step.derivation.numpy for step in self.steps)

    def _repr_html_(self) -> str:
        button = '<button type="button" class="md-button" data-walk="{}">{}</button>'
        buttons = "".join(button.format(*names) for names in BUTTONS.items())
        steps = [self._given(), *[self._step(step) for step in self.steps]]
        return (
            f'<graph-walk><figure class="graph" data-search-exclude>{self._drawing.sheet()}'
            f'<div class="walk-buttons" hidden>{buttons}<span class="walk-count"></span></div>'
            f'<p class="walk-said" role="status"></p><ol class="steps" start="0">{"".join(steps)}</ol>'
            "</figure></graph-walk>"
        )

    # The drawing

    derivatives = "names"

    @cached_property
    def _drawing(self) -> Drawing:
        nodes = {name: Moments() for name in self.graph.quantities}
        badges: dict[str, Moments] = {}
        forward: dict[Edge, dict[int, int]] = {edge: {} for edge in self.graph.edges}
        back: dict[Edge, dict[int, int]] = {}
        for number, step in enumerate(self.steps, start=1):
            (badges if step.backward else nodes)[step.node] = Moments(number, {number: 0})
            for mark, way in enumerate(step.ways, start=1):
                for edge in way.edges:
                    (back if step.backward else forward).setdefault(edge, {})[number] = mark
        return Drawing(
            self.graph,
            back=list(back),
            gradients=list(badges),
            derivatives=self.derivatives,
            local=self.local,
            nodes=nodes,
            edges={edge: Moments(min(active, default=0), active) for edge, active in forward.items()},
            backs={edge: Moments(min(active), active) for edge, active in back.items()},
            badges=badges,
        )

    # The steps

    def _given(self) -> str:
        names = [name for name in self.graph.quantities if self.graph.kind(name) != "computed"]
        settings = [name for step in self.steps for name in self._used(step) if name not in self.graph.quantities]
        arrays = [self._array(name) for name in dict.fromkeys([*names, *settings]) if name not in self._gradients]
        return _item("What is given.", _title("Start", "What is given"), f'<div class="arrays">{"".join(arrays)}</div>')

    def _step(self, step: Step) -> str:
        direction, derivation = ("Backward" if step.backward else "Forward"), step.derivation
        formula = inline_formula(rf"\displaystyle {step.formula()}")
        ways = "".join(self._way(mark, way) for mark, way in enumerate(step.ways, start=1) if way.arrives)
        arrays = "".join(map(self._array, self._used(step)))
        return _item(
            f"{direction}. {derivation.title}: {derivation.numpy}",
            _title(direction, derivation.title),
            f'<p class="step-formula">{formula}</p>',
            f"<ul>{ways}</ul>" if ways else "",
            f'<div class="arrays">{arrays}<span class="gives">give</span>{self._array(step.gives)}</div>',
            f'<p class="step-code"><code>{html.escape(derivation.numpy)}</code></p>',
        )

    def _way(self, mark: int, way: Way) -> str:
        """The gradient that arrives, and the local derivatives on its way to the node."""
        target = name_in_latex(way.arrives)
        arrives = name_in_latex(f"d{way.arrives}") if f"d{way.arrives}" in self._gradients else "1"
        found = [derivative_on(edge, self.local) for edge in reversed(way.edges)]
        written = ", ".join(
            inline_formula(rf"\displaystyle {latex(local.start)} = {latex(local.result)}") for local in found
        )
        return (
            f'<li><span class="part part-{mark}">From {inline_formula(target)}</span> comes {inline_formula(arrives)}. '
            f"Local derivative{'s' if len(found) > 1 else ''}: {written}</li>"
        )

    @staticmethod
    def _used(step: Step) -> list[str]:
        """What the step's formula is made of, in the order of its line of NumPy."""
        line = re.findall(r"\w+", step.derivation.numpy)
        return sorted(free_quantities([step.derivation.result]), key=line.index)

    def _array(self, name: str) -> str:
        value = self.values[name]
        size = f" <small>{' × '.join(map(str, value.shape))}</small>" if value.shape else ""
        title = f'<span class="array-name">{inline_formula(name_in_latex(name))}{size}</span>'
        return f'<div class="array">{title}{array_as_html(value)}</div>'


def _item(said: str, *parts: str) -> str:
    return f'<li class="step" data-say="{html.escape(said)}">{"".join(parts)}</li>'


def _title(direction: str, title: str) -> str:
    return f'<p class="step-title"><span class="step-direction">{direction}</span> {html.escape(title)}</p>'
