"""scikit-learn's own data, and its function as far as netcode calls it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def load_digits(*, return_X_y: bool) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """The 1797 handwritten digits as X (1797, 64), the ink from 0 to 16, and y (1797,), the digit."""
    if not return_X_y:
        raise ValueError("load_digits: in the browser only with return_X_y=True")
    table = np.loadtxt(Path(__file__).with_name("digits.csv.gz"), delimiter=",")
    return table[:, :-1], table[:, -1].astype(int)
