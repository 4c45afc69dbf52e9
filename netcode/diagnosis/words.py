"""Which networks a function is likely for, by the words in its text: they order what numbers can't tell apart."""

from __future__ import annotations

import re

from netcode.diagnosis.architecture import ACTIVATIONS, OUTPUTS
from netcode.diagnosis.identification import Known
from netcode.diagnosis.reading.reader import Reader

HIDDEN = {
    "tanh": r"tanh|1 - np\.power|power\(.*2\)",
    "leaky ReLU (0.01)": r"leaky|0\.01 *\*",
    "leaky ReLU (0.1)": r"leaky",
    "leaky ReLU (0.2)": r"leaky",
    "ReLU": r"relu|maximum|> *0|<= *0",
    "sigmoid": r"sigm|\* *\(1\.?0? *- ",
    "GELU": r"gelu",
    "GELU by erf": r"\berf\b",
    "SiLU": r"silu|swish",
    "softplus": r"softplus|log1p|logaddexp",
    "ELU": r"\belu|expm1",
}
OUT = {
    "softmax output, cross-entropy": r"softmax|\.sum\(|np\.sum\(|arange",
    "sigmoid output, binary cross-entropy": r"sigm|1 */ *\(1",
    "linear output, squared error": r"mse|square",
}


def likely_networks(reader: Reader, one_output: bool) -> Known:
    """What the numbers can't tell is what the words say; with a single output it is no softmax."""
    text = reader.text.lower()
    activations = sorted(ACTIVATIONS, key=lambda name: (not re.search(HIDDEN.get(name, "(?!)"), text), _place(name)))
    outputs = [name for name in OUTPUTS if not (one_output and name.startswith("softmax"))]
    if reader.gets_forward:  # what isn't computed can't be seen: neither that the output is linear nor the layer
        activations = [name for name in activations if name != "linear"]
        outputs = [name for name in outputs if not name.startswith("linear")] or outputs
    if "softmax" not in text and re.search(OUT["sigmoid output, binary cross-entropy"], text):
        outputs.sort(key=lambda name: not name.startswith("sigmoid"))
    return Known(activations=activations, outputs=outputs)


def _place(name: str) -> int:
    return list(ACTIVATIONS).index(name)
