"""How far a right gradient may be off, entry by entry, when it is computed in few bits: worked out from the formula.

    tolerance = u |dX| + c v S + 2 E

- u |dX|: the result is rounded to its own format, whose unit roundoff is u.
- c v S: everything is added up in a format of unit roundoff v. S is the formula with the absolute value of every term
  in place of the term (`calculus.rounding`), and c = 8.
- E: what the names that are stored in fewer bits do to the gradient, to first order. Each of them is off by its own
  rounding, and the calculus carries that through the formulas (`error_terms`).

Both numbers, 8 and 2, were measured on kernels of PyTorch on a GPU: with 8 none of 4,300 gradients of kernels that keep
all else in float32 is beyond the first two terms, which are reached to 0.999; for the third, factors of 0.3 to 2 were
needed.

- `formats`: the formats of numbers
- `error_terms`: the first-order error of an expression, as an expression
- `kernels`: what is stored in how many bits, and the kinds that are known
- `bound`: the tolerance of each entry
- `check`: somebody's function, held against it
"""

from derivations.reverse.tolerance.bound import Formulas, measured
from derivations.reverse.tolerance.check import LayerCheck, check
from derivations.reverse.tolerance.kernels import KERNELS, Kernel, kernel_of

__all__ = ["KERNELS", "Formulas", "Kernel", "LayerCheck", "check", "kernel_of", "measured"]
