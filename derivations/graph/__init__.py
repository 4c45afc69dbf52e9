"""The network's computational graph as an object, read off its definitions.

model        nodes and edges
derivatives  how one quantity changes with another, on each edge
steps        the operations forward and backward, each with its edges
typeset      names and formulas in the network's notation
"""

from derivations.graph.derivatives import local_derivatives
from derivations.graph.model import Edge, Graph

__all__ = ["Edge", "Graph", "local_derivatives"]
