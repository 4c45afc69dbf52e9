"""The backward pass of any architecture as lines of code, and at each line what may be written wrong there.

The catalogue of mistakes is written for the network of two layers with ReLU and softmax. A wrong line of it is moved to
another layer by renumbering its names, and to another loss or penalty by putting theirs in the place of the old one:

    dW2 = dZ2 @ A1.T - lam * W2   is, at layer 4,   dW4 = dZ4 @ A3.T - lam * W4
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from netcode.diagnosis.architecture import ACTIVATIONS, FIRST_TERMS, OUTPUTS, PENALTIES, REDUCTIONS, Architecture
from netcode.mistakes.catalogue import (
    EXAMPLE_LEFT_OUT,
    HARMLESS,
    MISTAKES,
    ONE_TERM_OF_THE_SLOPE,
    SLOPE_OF_ANOTHER_ACTIVATION,
    by_name,
)
from netcode.mistakes.mistake import Mistake


class Wrong(NamedTuple):
    """A wrong line, and the mistake that it is."""

    code: str
    mistake: Mistake


class Step(NamedTuple):
    """A line of the backward pass, and the wrong ones that may be in its place."""

    quantity: str
    right: str
    wrong: tuple[Wrong, ...]

    @property
    def observed(self) -> bool:
        """Whether what it computes is a gradient of a parameter, which the reader's function returns."""
        return self.quantity[:2] in ("dW", "db")


@cache
def program(architecture: Architecture) -> tuple[Step, ...]:
    """The steps of the backward pass, from the output to the input."""
    return tuple(Step(_quantity(line), line, tuple(_wrong(line, architecture))) for line in right_lines(architecture))


@cache
def right_lines(architecture: Architecture) -> tuple[str, ...]:
    """The lines of the backward pass."""
    return tuple(_right_lines(architecture))


def _right_lines(architecture: Architecture) -> Iterator[str]:
    last = architecture.layers
    yield f"{_forward_names(architecture)} = forward"
    yield f"dZ{last} = {OUTPUTS[architecture.output].error}{REDUCTIONS[architecture.reduction]}"
    for layer in range(last, 0, -1):
        weights, bias = f"W{layer}", f"b{layer}"
        penalty = PENALTIES[architecture.penalty]
        yield f"dW{layer} = dZ{layer} @ {_input(layer)}.T{penalty.format(W=weights)}"
        if architecture.biases:
            on_bias = penalty.format(W=bias) if architecture.penalty_on_biases else ""
            yield f"db{layer} = dZ{layer}.sum(axis=1, keepdims=True){on_bias}"
        if layer > 1:
            yield f"dA{layer - 1} = {weights}.T @ dZ{layer}"
            yield _slope_line(layer - 1, ACTIVATIONS[architecture.activation].slope)


def affected(quantity: str, lines: tuple[str, ...]) -> frozenset[str]:
    """The quantities that depend on this one where these are the lines, itself included."""
    reached = set(_names(quantity))
    start = next(i for i, line in enumerate(lines) if _quantity(line) == quantity)
    for line in lines[start + 1 :]:
        computed, _, formula = line.partition(" = ")
        if reached & set(_names(formula)):
            reached.add(computed)
    return frozenset(reached)


def _wrong(right: str, architecture: Architecture) -> Iterator[Wrong]:
    """The wrong lines for what the right one computes."""
    found = {right}
    for mistake in (*MISTAKES, HARMLESS, EXAMPLE_LEFT_OUT):
        if mistake.name == "mask-at-zero" and architecture.activation != "ReLU":
            continue
        for line in mistake.lines:
            if "softmax" not in architecture.output and re.search(r"softmax|np\.exp", line):
                continue
            for moved in _moved(line, _quantity(right), architecture):
                if moved not in found:
                    found.add(moved)
                    yield Wrong(moved, mistake.where(architecture.activation))
    for wrong in (*_wrong_biases(right, architecture), *_wrong_slopes(right, architecture)):
        if wrong.code not in found:
            yield wrong


def _moved(line: str, quantity: str, architecture: Architecture) -> Iterator[str]:
    """The catalogue's line where the architecture computes the quantity, if it can be there."""
    last, wanted = architecture.layers, _quantity(line)
    if wanted.endswith("P"):
        if quantity.endswith("P"):
            yield line.replace(wanted, _forward_names(architecture))
        return
    if quantity.endswith("P"):
        return
    kind, layer, old = quantity[:-1], _layer(quantity), _layer(wanted)
    is_output = kind == "dZ" and layer == last
    if kind != wanted[:-1] or is_output != (wanted == "dZ2"):
        return
    if kind in ("dW", "db") and (old == 1) != (layer == 1):
        return
    moved = _with_loss(line, architecture) if is_output else _with_penalty(line, architecture)
    moved = re.sub(r"\b(d?[WbZA])([12])\b", lambda name: f"{name[1]}{int(name[2]) + layer - old}", moved)
    if all(_exists(name[0], int(name[1]), architecture) for name in re.findall(r"\bd?([WbZA])(\d)\b", moved)):
        yield moved


def _exists(kind: str, layer: int, architecture: Architecture) -> bool:
    """Whether the architecture has it: the last layer's activations are called P, and some have no biases."""
    last = architecture.layers - (kind == "A")
    return 1 <= layer <= last and (architecture.biases or kind != "b")


def _with_loss(line: str, architecture: Architecture) -> str:
    """The line with the factor of the architecture's loss in the place of the mean's."""
    factor = REDUCTIONS[architecture.reduction]
    if "\n" in line:
        return line.replace("dZ2 /= m", f"dZ2 *= 1{factor}") if factor != " / m" else line
    return re.sub(r" / m$", factor, line)


def _with_penalty(line: str, architecture: Architecture) -> str:
    """The line with the architecture's penalty in the place of lam/2."""
    return re.sub(r" \+ lam \* (W\d)(?![*.])", lambda term: PENALTIES[architecture.penalty].format(W=term[1]), line)


def _wrong_biases(right: str, architecture: Architecture) -> Iterator[Wrong]:
    """One number for all biases, in their shape; behind softmax it would be 0, as if they were left out."""
    layer = _layer(_quantity(right)) if right.startswith("db") else 0
    if layer and not (layer == architecture.layers and architecture.output.startswith("softmax")):
        line = f"db{layer} = np.sum(dZ{layer}) * np.ones_like(parameters.b{layer})"
        yield Wrong(line, by_name("bias-summed-over-everything"))


def _wrong_slopes(right: str, architecture: Architecture) -> Iterator[Wrong]:
    """The slopes of other activations; and its own, but of the activation, where it is a function of the score."""
    if not re.match(r"dZ\d = dA", right):
        return
    layer = _layer(_quantity(right))
    texts = [activation.slope for name, activation in ACTIVATIONS.items() if "LU (" not in name and name != "ELU"]
    texts += [
        "(1 - {Z}**2)", "{Z} * (1 - {Z})", "(1 - np.tanh({A})**2)", "(1 - np.tanh({Z})**2)",
        "sigmoid({A}) * (1 - sigmoid({A}))", "sigmoid({Z}) * (1 - sigmoid({Z}))", "({A}**2)", "(1 - {A})",
    ]  # fmt: skip
    own = ACTIVATIONS[architecture.activation].slope
    for text in texts:
        if text and text != own:
            yield Wrong(_slope_line(layer, text), SLOPE_OF_ANOTHER_ACTIVATION)
    for product in ("dA{0} @ (Z{0} > 0)", "(Z{0} > 0) @ dA{0}"):  # these fit where m is the number of units
        yield Wrong(f"dZ{layer} = {product.format(layer)}", by_name("mask-by-matrix-product"))
    if architecture.activation in FIRST_TERMS:
        yield Wrong(_slope_line(layer, FIRST_TERMS[architecture.activation]), ONE_TERM_OF_THE_SLOPE)


def _slope_line(layer: int, slope: str) -> str:
    factor = f" * {slope.format(Z=f'Z{layer}', A=f'A{layer}')}" if slope else ""
    return f"dZ{layer} = dA{layer}{factor}"


def _forward_names(architecture: Architecture) -> str:
    """As in Z1, A1, _, P: the last scores are not used."""
    hidden = (f"Z{layer}, A{layer}, " for layer in range(1, architecture.layers))
    return "".join(hidden) + "_, P"


def _input(layer: int) -> str:
    return "X" if layer == 1 else f"A{layer - 1}"


def _layer(quantity: str) -> int:
    return int(quantity[-1])


def _quantity(line: str) -> str:
    return line.partition(" = ")[0]


def _names(code: str) -> list[str]:
    return re.findall(r"[A-Za-z]\w*", code)
