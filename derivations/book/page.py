"""An operator's page: what it computes, what comes back, why, and the code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from textwrap import dedent
from typing import Any

from sympy import Expr

from derivations.book import wrong
from derivations.book.cells import Cell, notebook, shown, words
from derivations.book.cost import multiplications
from derivations.calculus.definitions import name_of
from derivations.calculus.writers.latex import latex
from derivations.calculus.writers.notation import Notation, name_in_latex, with_gradients
from derivations.layers import Operator
from derivations.proofs.statement import PROVENANCE
from derivations.reverse import Layer
from derivations.reverse.gradient import Gradient

__all__ = ["claims", "page"]

PRODUCT, BREAK = r" \, ", r"\allowbreak "
ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")


def page(operator: Operator, neighbours: Iterable[Operator]) -> Cell:
    """The page as a notebook, whose outputs carry the claims that were checked."""
    layer = operator.layer
    outcomes = layer.outcomes  # before anything is shown
    assert outcomes
    cells = [
        words(_head(operator)),
        shown(_formulas(_forward(layer, operator))),
        words("## Backward"),
        shown(_formulas(_backward(layer, operator))),
        words(f"## Why, step by step\n\n{_left_out(layer)}"),
        *[cell for step in layer.steps for cell in _steps(step, operator)],
        *[words(part) for part in [wrong.section(operator)] if part],
        *_code(layer, operator),
        words(_costs(layer)),
        words(_links(operator, neighbours)),
    ]
    return notebook(operator.title, operator.sentence, cells)


def claims(operator: Operator) -> list[dict[str, Any]]:
    """What was found of each claim, as in the report."""
    return [*_right(operator), *_wrong(operator)]


def _right(operator: Operator) -> list[dict[str, Any]]:
    """Those of the layer itself."""
    return [_placed(outcome.as_json(), operator) for outcome in operator.layer.outcomes]


def _wrong(operator: Operator) -> list[dict[str, Any]]:
    """Those of what is often written instead. Their names are not the layer's: what is refuted is not its formula."""
    return [{**outcome.as_json(), "source": _source(operator)} for outcome in wrong.outcomes(operator)]


def _placed(claim: dict[str, Any], operator: Operator) -> dict[str, Any]:
    """With the operator's place in the book, and its file for the source."""
    return {**claim, "id": _id(claim["id"]), "source": _source(operator)}


def _id(name: str) -> str:
    return f"layers.{name}"


def _source(operator: Operator) -> str:
    return f"derivations/layers/{operator.name}.py:1"


def _left_out(layer: Layer) -> str:
    """The gradients that have steps, but were put into others."""
    kept = set(map(name_of, layer.gradients))
    gone = [f"`{step.result_name}`" for step in layer.steps if step.result_name not in kept]
    return f"On the way, put into what needs them and not listed above: {', '.join(gone)}." if gone else ""


def _formulas(origin: dict[str, Any]) -> dict[str, Any]:
    return {PROVENANCE: origin, "text/latex": ""}


def _head(operator: Operator) -> str:
    source = ARXIV.sub(r"[arXiv:\1](https://arxiv.org/abs/\1)", operator.source)
    return (
        f"# {operator.title}\n\n{operator.sentence}\n\n"
        f"Source: {source}. Kind: {operator.kind}; [all layers](index.md).\n\n## Forward"
    )


def _notation(layer: Layer) -> Notation:
    return with_gradients(layer.program.shapes)


def _forward(layer: Layer, operator: Operator) -> dict[str, Any]:
    """The definitions claim nothing by themselves; that the code computes them is what was compared."""
    equations = [_equation(*pair, _notation(layer), "") for pair in layer.source.definitions.items()]
    code = [claim for claim in _right(operator) if claim["id"].endswith(".code")]
    found = [_provenance(claim) for claim in code]
    return {"id": code[0]["id"], "title": "The code computes this", "claims": found, "equations": equations}


def _backward(layer: Layer, operator: Operator) -> dict[str, Any]:
    """Each gradient, with the claim that it is one through all names, or the last of its steps."""
    lines = {step.result_name: f"{_id(step.id)}.{len(step.steps)}" for step in layer.steps}
    names = {name: [_id(f"{layer.id}.{name}"), last] for name, last in lines.items()}
    known = {claim["id"] for claim in _right(operator)}
    equations = [
        _equation(gradient, value, _notation(layer), _first(names[name_of(gradient)], known))
        for gradient, value in layer.gradients.items()
    ]
    found = [_provenance(claim) for claim in _right(operator)]
    return {"id": _id(layer.id), "title": operator.title, "claims": found, "equations": equations}


def _provenance(claim: dict[str, Any]) -> dict[str, Any]:
    return {key: claim[key] for key in ("id", "statement", "expected", "verdict")}


def _first(names: list[str], known: set[str]) -> str:
    return next(name for name in names if name in known)


def _equation(left: Expr, right: Expr, notation: Notation, claim: str) -> dict[str, str]:
    return {"latex": f"{latex(left, notation)} = {latex(right, notation)}", "shape": "", "claim": claim}


def _steps(step: Gradient, operator: Operator) -> Iterable[Cell]:
    origin = step._repr_mimebundle_()[PROVENANCE]
    found = [_placed(_provenance(claim), operator) for claim in origin["claims"]]
    named = {**origin, "id": _id(origin["id"]), "title": "", "claims": found}
    count = len(step.steps)
    yield shown(_formulas(named), fold=f"{step.result_name} in {count} {'line' if count == 1 else 'lines'}")


def _code(layer: Layer, operator: Operator) -> Iterable[Cell]:
    wrt = f'", wrt="{operator.wrt}"' + (f', assume="{operator.assume}"' if operator.assume else "")
    given = f'from derivations import derive\n\nlayer = derive("""\n{dedent(operator.forward).strip()}\n""{wrt})'
    yield words("## Code")
    yield words(_python(layer.numpy), choice="NumPy")
    yield words(_python(layer.torch), choice="PyTorch")
    yield words(f'??? code "As given to derive"\n\n{_indented(_python(given))}')


def _python(source: str) -> str:
    return f"```python\n{source.strip()}\n```"


def _indented(text: str) -> str:
    return re.sub(r"^(?=.)", "    ", text, flags=re.MULTILINE)


def _costs(layer: Layer) -> str:
    program, notation = layer.program, _notation(layer)
    names = [*program.inputs, *program.outputs]
    rows = "\n".join(f"| ${name_in_latex(name, notation)}$ | {_shape(program.shapes[name])} |" for name in names)
    saved = ", ".join(f"`{name}`" for name in program.saved) or "nothing"
    forward, backward = (_in_math(multiplications(part)) for part in (program.forward, program.backward))
    return (
        "## Shapes and costs\n\n| array | shape |\n|---|---|\n"
        f"{rows}\n\nEach gradient has the shape of what it belongs to. The backward pass needs {saved} from the "
        "forward pass.\n\n| pass | products and quotients |\n|---|---|\n"
        f"| forward | {forward} |\n| backward | {backward} |"
    )


def _shape(shape: tuple[Expr, ...]) -> str:
    return r" $\times$ ".join(_in_math(size) for size in shape) or "a number"


def _in_math(expr: Expr) -> str:
    """It may break between factors."""
    return f"${latex(expr, with_gradients([])).replace(PRODUCT, f'{PRODUCT}{BREAK}')}$"


def _links(operator: Operator, neighbours: Iterable[Operator]) -> str:
    links = ", ".join(f"[{other.title}]({other.name}.md)" for other in neighbours if other.name != operator.name)
    return f"## Of the same kind\n\n{links or 'None yet.'}"
