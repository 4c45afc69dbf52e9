"""`python -m derivations derive FILE`: a forward pass in a file, its backward pass on the terminal."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from derivations.calculus.writers.text import text
from derivations.proofs.claims import ClaimError
from derivations.reverse.gradient import Gradient
from derivations.reverse.layer import Layer, derive

__all__ = ["add_derive", "layer_in"]

EXIT_NOT_PROVEN = 1
EXAMPLE = """\
example of a FILE:
  # wrt: X, gamma, beta
  # assume: eps > 0
  mu[i]    = mean[j](X[i, j])
  var[i]   = mean[j]((X[i, j] - mu[i])**2)
  xh[i, j] = (X[i, j] - mu[i]) / sqrt(var[i] + eps)
  Y[i, j]  = gamma[j] * xh[i, j] + beta[j]
"""


def add_derive(commands: Any) -> None:
    """Add the command to those of the command line."""
    command = commands.add_parser(
        "derive",
        help="derive the backward pass of a forward pass, with steps, proof and code",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("file", metavar="FILE", help="the forward pass, a line for each name; - reads it from stdin")
    command.add_argument("--wrt", metavar="NAMES", help="names to differentiate with respect to (default: all inputs)")
    command.add_argument("--assume", metavar="FACTS", help="what is assumed: 'eps > 0', 'sum[c](Y[c, i]) == 1'")
    command.add_argument(
        "--seconds", metavar="N", type=_positive, default=300, help="leave undecided what takes longer (default: 300)"
    )
    command.add_argument("--format", choices=("text", "latex", "numpy", "torch"), default="text", help="default: text")
    command.add_argument("--json", action="store_true", help="write all of it as JSON")
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    file = None if options.file == "-" else Path(options.file)
    layer = layer_in(file, options.wrt, options.assume, options.seconds)
    try:
        print(_json(layer) if options.json else _written(layer, options.format))
    except ClaimError as error:
        print(f"derivations: {error}: this code is wrong, and isn't shown", file=sys.stderr)
        return EXIT_NOT_PROVEN
    return 0 if layer.verdict().startswith("proven") else EXIT_NOT_PROVEN


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not number > 0:
        raise argparse.ArgumentTypeError(f"{text}: expected a positive number of seconds")
    return number


def layer_in(file: Path | None, wrt: str | None = None, assume: str | None = None, seconds: float = 300) -> Layer:
    """The layer that a file writes down, or standard input; what isn't given is what its comments say."""
    source = file.read_text(encoding="utf-8") if file else sys.stdin.read()
    name = re.sub(r"\W|^(?=\d)", "_", file.stem) if file else "layer"
    assume = _said(source, "assume") if assume is None else assume
    return derive(source, wrt or _said(source, "wrt") or None, assume=assume, name=name, seconds=seconds)


def _said(source: str, what: str) -> str:
    """What a comment in the file says: `# wrt: X, gamma`."""
    found = re.search(rf"^\s*#\s*{what}:(.*)$", source, flags=re.MULTILINE)
    return found[1].strip() if found else ""


def _written(layer: Layer, form: str) -> str:
    forms = {"numpy": lambda: layer.numpy, "torch": lambda: layer.torch, "latex": layer.latex, "text": layer.text}
    return forms[form]()


def _json(layer: Layer) -> str:
    found = {
        "name": layer.name,
        "verdict": layer.verdict(),
        "gradients": {text(gradient): text(value) for gradient, value in layer.gradients.items()},
        "steps": [_step(step) for step in layer.steps],
        "numpy": layer.numpy,
        "torch": layer.torch,
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def _step(step: Gradient) -> dict[str, Any]:
    return {"gradient": step.result_name, "latex": step.statement_latex, "lines": step.lines()}
