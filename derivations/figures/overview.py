"""A walk at one glance: the graph, and beside it the gradients' formulas with their lines of NumPy, in step with it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence

from derivations.calculus.writers.latex import latex
from derivations.calculus.writers.notation import name_in_latex
from derivations.figures.picture import Moments, inline_formula
from derivations.figures.walk import Walk
from derivations.graph.model import Graph
from derivations.graph.steps import Step
from derivations.proofs.derivation import Derivation

__all__ = ["Overview"]


class Overview(Walk):
    """In a page it goes forward and back by itself until a reader takes it over; without scripts all is shown."""

    derivatives = ""

    def __init__(self, graph: Graph, forward: Sequence[Derivation], backward: Sequence[Derivation]) -> None:
        super().__init__(graph, forward, backward, values={}, local={})

    def _repr_html_(self) -> str:
        steps = ['<li class="step" data-say="What is given."><b>Start</b> what is given</li>', *map(_said, self.steps)]
        rows = "".join(self._row(number, step) for number, step in enumerate(self.steps, start=1) if step.backward)
        return (
            f'<graph-walk class="living linked" data-notes="{html.escape(self._notes())}" data-plays>'
            '<figure class="graph" data-search-exclude>'
            f"{self._drawing.sheet()}"
            '<div class="walk-buttons" hidden><button type="button" class="walk-play" data-walk="play">Play</button>'
            '<span class="walk-count"></span></div>'
            f'<p class="walk-said" role="status"></p><ol class="steps" start="0">{"".join(steps)}</ol></figure>'
            f'<ol class="living-rows">{rows}</ol></graph-walk>'
        )

    def _row(self, number: int, step: Step) -> str:
        """A gradient's formula and its line of NumPy, which light up at the step's number."""
        formula = inline_formula(_formula(step))
        code = re.sub(r"[A-Za-z]\w*", lambda word: self._marked(word[0]), html.escape(step.derivation.numpy))
        return f"<li{Moments(number, {number: 0}).attributes()}><span>{formula}</span><code>{code}</code></li>"

    def _notes(self) -> str:
        """Of each name in the graph and its rows, as JSON: what it is, and its shape."""
        found = [step.derivation.notes([_formula(step)]) for step in self.steps]
        return json.dumps({name: note for own in found for name, note in own.items()}, ensure_ascii=False)

    def _marked(self, word: str) -> str:
        """A word of code, with its name if it is a quantity of the graph or a gradient."""
        known = word in self.graph.quantities or word in self._gradients
        return f'<span data-q="{word}">{word}</span>' if known else word


def _formula(step: Step) -> str:
    derivation = step.derivation
    left = name_in_latex(step.gives, derivation.notation, named=True)
    right = derivation.result if derivation.matrix is None else derivation.matrix
    return f"{left} = {latex(right, derivation.notation, named=True)}"


def _said(step: Step) -> str:
    direction = "Backward" if step.backward else "Forward"
    say = html.escape(f"{direction}. {step.derivation.title}: {step.derivation.numpy}")
    return f'<li class="step" data-say="{say}"><b>{direction}</b> {html.escape(step.derivation.title)}</li>'
