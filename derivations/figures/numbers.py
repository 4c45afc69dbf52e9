"""Arrays of numbers as small tables between brackets."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["array_as_html", "number_as_text"]

MOST_DIGITS = 3


def array_as_html(values: npt.ArrayLike) -> str:
    """The entries, rounded to three digits after the point, or to fewer where that changes nothing."""
    array = np.asarray(values, dtype=float)
    digits = _digits(array)
    if array.ndim == 0:
        return f'<span class="number">{number_as_text(float(array), digits)}</span>'
    rows = "".join(
        "<tr>" + "".join(f"<td>{number_as_text(number, digits)}</td>" for number in row) + "</tr>"
        for row in array.tolist()
    )
    return f'<table class="numbers" role="presentation"><tbody>{rows}</tbody></table>'


def number_as_text(number: float, digits: int) -> str:
    """With a true minus sign, and no minus before zero."""
    written = f"{round(number, digits) + 0.0:.{digits}f}"
    return written.replace("-", "\N{MINUS SIGN}")


def _digits(array: npt.NDArray[np.float64]) -> int:
    shown = np.round(array, MOST_DIGITS)
    return next(digits for digits in range(MOST_DIGITS + 1) if np.array_equal(np.round(shown, digits), shown))
