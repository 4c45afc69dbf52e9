"""From a forward formula to its backward pass, with steps, proof and code.

- `reading`, `sizes`, `windows`, `assuming`: from text to definitions of the calculus
- `walk`, `slopes`, `contraction`: the chain rule, backwards over the names
- `steps`, `folding`, `shortening`: each gradient in a teacher's steps, and as short as it gets
- `program`, `numpy_source`, `places_source`, `torch_source`: the code
- `execution`: its comparison with the formulas, before anybody sees it
- `layer`: all of it, as `derive`; `second`: a gradient as a layer of its own
- `diagnosis`: what is wrong with a backward pass that somebody wrote
- `tolerance`: how far it may be off in few bits; `judged`: both, as a layer's methods
"""

from derivations.reverse.errors import FormulaError
from derivations.reverse.layer import Layer, derive

__all__ = ["FormulaError", "Layer", "derive"]
