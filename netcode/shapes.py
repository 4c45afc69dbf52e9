"""The words in which signatures state shapes: `Float[Array, "h m"]` is an array of floats with h rows and m columns.

Letters as everywhere in this project: m examples, n features, h hidden units, C classes. While the tests run, jaxtyping
checks every call against them. Without jaxtyping the annotations say the same to a reader, and cost nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Annotated as Bool
    from typing import Annotated as Float
    from typing import Annotated as Int
    from typing import Annotated as Shaped

    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    from numpy import ndarray as Array

    try:
        from jaxtyping import Bool, Float, Int, Shaped
    except ModuleNotFoundError:
        from typing import Annotated as Bool
        from typing import Annotated as Float
        from typing import Annotated as Int
        from typing import Annotated as Shaped

__all__ = ["Array", "Bool", "Float", "Int", "Shaped"]
