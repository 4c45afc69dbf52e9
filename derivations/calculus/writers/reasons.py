r"""A step's reason in words, with names marked by backticks: "chain rule through `Z2`", "the delta picks `v = w`".

Only what its author has marked is set as in the formulas; in plain text the backticks are left out.

>>> print(reason_in_latex("Divide by 2 & use `v = w`"))
Divide by 2 \& use $v = w$
>>> reason_in_text("chain rule through `Z2`")
'chain rule through Z2'
"""

from __future__ import annotations

import re

from derivations.calculus.writers.notation import PLAIN, Notation, escaped, name_in_latex

__all__ = ["reason_for_page", "reason_in_latex", "reason_in_text"]


def reason_in_latex(reason: str, notation: Notation = PLAIN) -> str:
    """The reason for use within \\text{...}; ValueError if a backtick has no partner."""
    parts = reason.split("`")
    if len(parts) % 2 == 0:
        raise ValueError(f"the reason {reason!r} has a backtick without a partner: names are written as `Z2`")
    return "".join(
        f"${_names_in_latex(part, notation)}$" if number % 2 else escaped(part) for number, part in enumerate(parts)
    )


def reason_for_page(reason: str, notation: Notation = PLAIN) -> str:
    """The reason as plain text, with each marked name as a formula between dollar signs: `the delta picks $v = w$`."""
    parts = reason.split("`")
    return "".join(f"${_names_in_latex(part, notation)}$" if number % 2 else part for number, part in enumerate(parts))


def reason_in_text(reason: str) -> str:
    """The reason without its marks."""
    return reason.replace("`", "")


def _names_in_latex(marked: str, notation: Notation) -> str:
    return re.sub(r"[A-Za-z_]\w*", lambda name: name_in_latex(name[0], notation), marked)
