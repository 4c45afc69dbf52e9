"""Which columns of a table a network was trained on, so that they can be found in another one, in any order."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Feature(NamedTuple):
    """Where a feature comes from: a column, by name and number, and of a text the one that it is 1 for."""

    name: str
    number: int
    category: str = ""

    @property
    def title(self) -> str:
        """What to call it in a message."""
        column = self.name or str(self.number)
        return f"{column}={self.category}" if self.category else column


class Schema(NamedTuple):
    """The features, and the label's name and number, in a table of so many columns. Numbers count from 1.

    >>> Schema.plain(2).features
    (Feature(name='', number=1, category=''), Feature(name='', number=2, category=''))
    """

    features: tuple[Feature, ...]
    label: str
    label_number: int
    width: int

    @classmethod
    def plain(cls, n: int) -> Schema:
        """Of n features without names, and the label behind them."""
        return cls(tuple(Feature("", k) for k in range(1, n + 1)), "", n + 1, n + 1)

    @property
    def is_named(self) -> bool:
        """Whether the columns have names."""
        return any(feature.name for feature in self.features)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The schema as plain arrays by name, to be kept in a file."""
        names, numbers, categories = zip(*self.features, strict=True)
        return {
            "columns": np.array(names),
            "column_numbers": np.array(numbers),
            "categories": np.array(categories),
            "label": np.array(self.label),
            "label_number": np.array(self.label_number),
            "width": np.array(self.width),
        }

    @classmethod
    def of_arrays(cls, arrays: dict[str, NDArray[Any]], n: int) -> Schema:
        """The schema that `arrays` gave, of n features. Raises ValueError if it can't be."""
        for name, (kind, shape) in SHAPES.items():
            if name not in arrays:
                raise ValueError(f"it holds no {name}")
            array = arrays[name]
            if array.dtype.kind != kind or array.shape != (n,) * shape:
                raise ValueError(f"{name} is {array.dtype} {array.shape}; expected {(n,) * shape}")
        listed = (arrays[name].tolist() for name in ("columns", "column_numbers", "categories"))
        features = tuple(Feature(*feature) for feature in zip(*listed, strict=True))
        label, number, width = (arrays[name].item() for name in ("label", "label_number", "width"))
        if not all(1 <= k <= width for k in (number, *(feature.number for feature in features))):
            raise ValueError("a column's number is beyond the table's width")
        return cls(features, label, number, width)


# The kind of each array of a schema, and whether it has an entry for each feature.
SHAPES = {
    "columns": ("U", 1),
    "column_numbers": ("i", 1),
    "categories": ("U", 1),
    "label": ("U", 0),
    "label_number": ("i", 0),
    "width": ("i", 0),
}
