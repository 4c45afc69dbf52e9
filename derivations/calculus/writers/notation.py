r"""What a chapter says about how its names are written. Where it says nothing, no name and no letter is special.

>>> PLAIN.typeset("W"), PLAIN.typeset("alpha"), PLAIN.typeset("W1")
(Typeset(base='W', above=''), Typeset(base='\\alpha', above=''), Typeset(base='\\mathrm{W1}', above=''))
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sympy import Symbol

__all__ = ["PLAIN", "Notation", "Typeset", "escaped", "gradient_of", "name_in_latex", "notation_of", "with_gradients"]

_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|rho|sigma|tau|upsilon|phi|chi|psi|omega"
    "|Gamma|Delta|Theta|Lambda|Xi|Sigma|Upsilon|Phi|Psi|Omega"
)
_SPECIAL = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


class Typeset(NamedTuple):
    r"""A name in LaTeX: `W` with `[1]` above is W^{[1]}. What is above leaves room for a transpose, W^{[1]\top}."""

    base: str
    above: str = ""


def plain(name: str) -> Typeset:
    """A letter in italics, a Greek letter by its name, a longer name upright, its underscores and digits in it."""
    if len(name) == 1:
        return Typeset(name)
    if _GREEK.fullmatch(name):
        return Typeset(rf"\{name}")
    return Typeset(rf"\mathrm{{{escaped(name)}}}")


def escaped(words: str) -> str:
    """Words, or a name, in which no character is special to LaTeX: an index that is called `c_` has no subscript."""
    return "".join(_SPECIAL.get(c, rf"\{c}" if c in "_{}&%$#" else c) for c in words)


@dataclass(frozen=True)
class Notation:
    r"""How names are written; a module chooses one by a global variable, `notation = ...`.

    - `typeset`: a name in LaTeX; two names must not be written alike
    - `rank`: the order of arrays in a product, the smallest first (the order in which SymPy has them decides ties)
    - `partial`: the sign of `Partial`, the derivative through all names: d, as `Local` has the sign \partial
    - `named_sizes`: the sizes for which the code has a name (`m`, after `_, m = X.shape`); the others are read from
      arrays, `X.shape[1]`
    - `meaning`: what a name is, in a few words for a note beside a formula; names between backticks, as in reasons
    """

    typeset: Callable[[str], Typeset] = plain
    rank: Callable[[str], int] = lambda name: 0
    partial: str = r"\mathrm{d}"
    named_sizes: tuple[Symbol, ...] = ()
    meaning: Callable[[str], str] = lambda name: ""


PLAIN = Notation()
"""The notation of whoever has not chosen one."""


def with_gradients(names: Iterable[str]) -> Notation:
    r"""The plain notation, in which `dA` is the gradient with respect to A wherever A is one of the names.

    A size that is named after its index, n_i, has an upright subscript: n_i in italics is an entry of an array n.

    >>> with_gradients(["A"]).typeset("dA").base, with_gradients(["A"]).typeset("dB").base
    ('dA', '\\mathrm{dB}')
    >>> with_gradients([]).typeset("n_i").base
    'n_{\\mathrm{i}}'
    """
    gradients = {f"d{name}": Typeset(f"d{plain(name).base}") for name in names}
    return Notation(
        typeset=lambda name: gradients.get(name) or _size(name) or plain(name),
        meaning=lambda name: gradient_of(name[1:]) if name in gradients else _length(name),
    )


def gradient_of(name: str) -> str:
    """What `dW` is, for a note beside a formula.

    >>> gradient_of("W")
    'gradient of the loss with respect to `W`'
    """
    return f"gradient of the loss with respect to `{name}`"


def _length(name: str) -> str:
    return f"number of values of the index `{name.removeprefix('n_')}`" if _size(name) else ""


def _size(name: str) -> Typeset | None:
    size, _, index = name.partition("_")
    return Typeset(rf"{size}_{{\mathrm{{{index}}}}}") if size == "n" and index.isalnum() else None


def notation_of(module: str) -> Notation:
    """The notation that a module has chosen, as `notation = ...`; the plain one, if it has chosen none."""
    chosen = getattr(sys.modules.get(module), "notation", None)
    return chosen if isinstance(chosen, Notation) else PLAIN


def name_in_latex(
    name: str, notation: Notation = PLAIN, above: str = "", below: str = "", *, named: bool = False
) -> str:
    r"""A name, with `above` after what the notation has above it, `A^{[1]\top}`, and with a subscript `below`.

    If `named`, it can be found in the finished page: {\htmlData{q=dZ2}{...}}. The outer braces keep the space around a
    sign = out of what is lit; the subscript is inside, so that it stays under the superscript.
    """
    base, upper = notation.typeset(name)
    written = f"{base}^{{{upper}{above}}}" if upper or above else base
    written += below
    return rf"{{\htmlData{{q={name}}}{{{written}}}}}" if named else written
