"""What is known of somebody's function before it is asked: what it takes, what it computes in which line."""

from __future__ import annotations

from functools import cached_property

from netcode.diagnosis.layout import Labels
from netcode.diagnosis.reading.code import Code
from netcode.diagnosis.reading.names import LAST, Meaning, gradient_of, is_loss
from netcode.diagnosis.reading.outside import helpers
from netcode.diagnosis.reading.vocabulary import Vocabulary

FORWARD = ("Z", "A", "P", "cache", "activations", "scores")
"""Kinds of what a forward pass computes."""
LAST_ERROR = ("dscores", "ds", "dz", "dout", "doutput", "dlogits", "delta", "error", "dl", "dyhat", "d")
HIDDEN_ERROR = ("dh", "dhidden", "dhid", "hidden_delta", "hidden_error", "e")
"""What the derivatives with respect to the scores of the last layer, and of the only hidden one, are called too."""


class Traits(Vocabulary):
    """A function or method, looked at."""

    @property
    def text(self) -> str:
        """Its text, with that of its class and of the functions of its file that it uses."""
        return self._whole.text + "".join(Code.of(helper).text for helper in helpers(self.function))

    @cached_property
    def biases(self) -> bool:
        kinds = {meaning.kind for meaning in self._all_meanings() if meaning.layer or meaning.kind == "biases"}
        if kinds & {"b", "db", "biases"} or not self.code.text:
            return True
        returned = [name for name in self.code.returned if not is_loss(name)]
        counted = self.layers > 1 and len(returned) in (2 * self.layers, 2 * self.layers + 1)
        if counted and not any(map(gradient_of, returned)):
            return True
        given = (*self.parameters, *self.globals, *self._whole.texts, *self._attributes)
        return not any(meaning.kind in ("W", "weights") for name in given for meaning in self._meanings(name)[:1])

    @cached_property
    def takes_lam(self) -> bool:
        outside = {meaning.kind for meaning in self.globals.values()}
        by_name = {self._meaning(name, self.code.usage(name)) for name in self.parameters}
        numbers = [name for name in self._attributes if not self._whole.usage(name).attributes]
        own = {meaning.kind for name in numbers for meaning in self._meanings(name)[:1]}
        anything = self._takes_anything or (not self.parameters and self.owner is None)
        return anything or "lam" in outside | own or Meaning("lam") in by_name

    @cached_property
    def gets_forward(self) -> bool:
        """Whether values of the forward pass are given to it."""
        if self._forward_method is not None:
            return False
        kinds = {meaning.kind for meaning in self.globals.values()}
        for name in self.parameters:
            meaning = self._meaning(name, self.code.usage(name))
            if meaning:
                kinds.add(meaning.kind)
        return bool(kinds & set(FORWARD))

    @cached_property
    def likely_labels(self) -> Labels:
        """Targets are numbers where they are used as an index."""
        for name in (*self.parameters, *self.globals):
            meaning = self._meaning(name, self.code.usage(name))
            if meaning and meaning.kind == "Y":
                return "numbers" if name.islower() or f", {name}]" in self.code.text else "one-hot"
        return "one-hot"

    # Its lines

    def line_of(self, quantity: str) -> str:
        """The line of its text that computes the quantity last, as in "line 9: dW2 = a1.T @ d3"; empty if not found."""
        lines = [line for name, line in self.code.assigned.items() if self._is_quantity(name, quantity)]
        if not lines:
            return ""
        text = self.code.text.splitlines()[max(lines) - self.code.first_line].strip()
        return f"line {max(lines)}: {text}"

    def _is_quantity(self, name: str, quantity: str) -> bool:
        if quantity[:2] in ("dW", "db"):
            meaning = gradient_of(self._said.get(name, name)) if name[:1] in "dgnD" else None
            return meaning is not None and quantity == f"d{meaning.kind}{self._layer(meaning.layer)}"
        named = [f"{meaning.kind}{self._layer(meaning.layer)}" for meaning in self._meanings(name)]
        last = quantity == f"dZ{self.layers}" and name.lower() in LAST_ERROR
        hidden = quantity == "dZ1" and self.layers == 2 and name.lower() in HIDDEN_ERROR
        return quantity in named or last or hidden

    def _layer(self, layer: int) -> int:
        return self.layers if layer == LAST else layer

    # What was guessed of it

    def guesses(self) -> list[str]:
        """What was guessed of its names, as in "A2 is P"."""
        found = []
        for name in self.parameters:
            meaning = self._meaning(name, self.code.usage(name))
            if meaning and (said := self._said_of(name, meaning)):
                found.append(said)
        return found + [f"{name} (a global) is {self._short(meaning)}" for name, meaning in self.globals.items()]

    def _said_of(self, name: str, meaning: Meaning) -> str:
        short = self._short(meaning)
        return "" if short.lower() == name.lower() or meaning.kind in ("flag", "steps") else f"{name} is {short}"

    def _short(self, meaning: Meaning) -> str:
        layer = self.layers if meaning.layer == LAST else meaning.layer
        if meaning.kind == "A" and layer == self.layers:
            return "P"
        if self._is_single(meaning):
            return "W1" if meaning.kind == "weights" else "b1"
        words = {"rate": "the learning rate", "vector": "all parameters in one vector", "C": "the number of classes"}
        words |= {"m": "the number of examples", "weights": "the list of weights", "biases": "the list of biases"}
        words |= {
            "activations": "the list of activations",
            "scores": "the list of scores",
            "n": "the number of features",
        }
        words |= {"h": "the number of hidden units", "cache": "the forward pass's values", "sizes": "the layers' sizes"}
        return words.get(meaning.kind, f"{meaning.kind}{layer or ''}")
