"""How well colours can be read and told apart: contrast as WCAG defines it, distance as OKLab does, also for the
colour-blind.

`python -m publishing.look.contrast` prints the least of each over the tokens.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from publishing.look import tokens
from publishing.look.tokens import Scheme

Colour = npt.NDArray[np.float64]

# What is left of linear RGB without one kind of cone: Machado, Oliveira and Fernandes (2009), severity 1.
BLIND = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}

# Linear RGB to OKLab: Ottosson (2020).
TO_LMS = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]

LIT, TINT = 0.72, 0.15
"""How much of its own colour a quantity that is lit has in its letters, and in the tint behind them."""


def linear(colour: str) -> Colour:
    """`#fbfaf6` as linear RGB, each from 0 to 1."""
    value = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def mixed(one: str, other: str, share: float) -> str:
    """`share` of one colour with the rest of the other, as `color-mix(in srgb, ...)` does."""
    pairs = [(int(one[k : k + 2], 16), int(other[k : k + 2], 16)) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    low, high = sorted(float(np.dot(linear(colour), [0.2126, 0.7152, 0.0722])) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, blindness: str | None = None) -> float:
    """In OKLab, where 0.02 can just be seen."""
    return float(np.linalg.norm(_lab(one, blindness) - _lab(other, blindness)))


def least_contrast(names: str, scheme: Scheme) -> float:
    """The least that a colour of the group has on any surface."""
    surfaces = tokens.group("surfaces", scheme).values()
    return min(contrast(colour, surface) for colour in tokens.group(names, scheme).values() for surface in surfaces)


def least_lit_contrast(scheme: Scheme) -> float:
    """The least that a quantity has on its tint while it is lit."""
    ink, paper = tokens.group("text", scheme)["ink"], tokens.group("surfaces", scheme)["paper"]
    lit = [(mixed(q, ink, LIT), mixed(q, paper, TINT)) for q in tokens.group("quantities", scheme).values()]
    return min(contrast(letters, tint) for letters, tint in lit)


def least_distance(scheme: Scheme, blindness: str | None) -> float:
    """The least between two quantities."""
    return min(distance(*pair, blindness) for pair in combinations(tokens.group("quantities", scheme).values(), 2))


def _lab(colour: str, blindness: str | None) -> Colour:
    seen = linear(colour) if blindness is None else np.clip(BLIND[blindness] @ linear(colour), 0, 1)
    lab: Colour = TO_LAB @ np.cbrt(TO_LMS @ seen)
    return lab


if __name__ == "__main__":
    for scheme in tokens.SCHEMES:
        for names in ("text", "lines", "quantities"):
            print(f"{scheme}: {names}: contrast at least {least_contrast(names, scheme):.2f}")
        print(f"{scheme}: quantities that are lit: contrast at least {least_lit_contrast(scheme):.2f}")
        for blindness in (None, *BLIND):
            print(f"{scheme}: quantities, {blindness or 'all cones'}: {least_distance(scheme, blindness):.3f} apart")
