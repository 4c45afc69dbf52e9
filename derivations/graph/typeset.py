"""Names and formulas in the notation of the network, whose graph is drawn."""

from functools import partial

from derivations.calculus.writers.latex import latex as write
from derivations.calculus.writers.notation import name_in_latex as write_name
from derivations.notation import network_notation

__all__ = ["latex", "name_in_latex"]

latex = partial(write, notation=network_notation)
name_in_latex = partial(write_name, notation=network_notation)
