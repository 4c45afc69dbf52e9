"""The formats of floating-point numbers that kernels compute and store in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from derivations.reverse.errors import FormulaError

__all__ = ["FORMATS", "Format", "format_of"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Format:
    """Numbers of `digits` binary digits, the first of which is 1 from 2**`lowest` on."""

    name: str
    digits: int
    lowest: int
    largest: float

    @property
    def unit(self) -> float:
        """The unit roundoff: the largest relative error of rounding to nearest.

        >>> FORMATS["bfloat16"].unit == 2**-8
        True
        """
        return 2.0**-self.digits

    @property
    def smallest(self) -> float:
        """The smallest positive number: what comes below is 0.

        >>> FORMATS["float16"].smallest == 2**-24
        True
        """
        return 2.0 ** (self.lowest - self.digits + 1)

    def rounded(self, values: npt.ArrayLike) -> Array:
        """The nearest numbers of this format, ties to even; infinite beyond the largest.

        >>> FORMATS["bfloat16"].rounded([1.001, 1.01]).tolist()
        [1.0, 1.0078125]
        """
        values = np.asarray(values, np.float64)
        exponents = np.maximum(np.frexp(values)[1] - 1, self.lowest)
        quantum = np.ldexp(1.0, exponents - self.digits + 1)
        near = np.rint(values / quantum) * quantum
        return np.where(np.abs(near) > self.largest, np.copysign(np.inf, near), near)


FORMATS = {
    made.name: made
    for made in (
        Format("float64", 53, -1022, float(np.finfo(np.float64).max)),
        Format("float32", 24, -126, float(np.finfo(np.float32).max)),
        Format("bfloat16", 8, -126, 2.0**127 * (2 - 2.0**-7)),
        Format("float16", 11, -14, 65504.0),
        Format("float8_e4m3fn", 4, -6, 448.0),
        Format("float8_e5m2", 3, -14, 57344.0),
    )
}
"""By name. IEEE 754; bfloat16 as in TensorFlow and PyTorch; the two of 8 bits as in Micikevicius et al., FP8 formats
for deep learning, arXiv:2209.05433."""


SHORT = {"bf16": "bfloat16", "fp16": "float16", "half": "float16", "fp32": "float32", "fp64": "float64"}


def format_of(name: object) -> Format:
    """The format of this name; a NumPy or PyTorch type has its name at the end (`torch.bfloat16`).

    >>> format_of(np.float16).name
    'float16'

    Raises FormulaError, which lists the names, if there is none.
    """
    said = name.__name__ if isinstance(name, type) else str(name)
    bare = said.rpartition(".")[2]
    found = FORMATS.get(SHORT.get(bare, bare))
    if found is None:
        raise FormulaError(f"there is no format {said}; known are {', '.join(FORMATS)}")
    return found
