"""The network's computational graph, read off its definitions and drawn as HTML and SVG.

model        nodes and edges
derivatives  how one quantity changes with another, on each edge
layout       where a node stands
picture      lines, nodes and labels as HTML and SVG
drawing      a graph as a figure
units        the same graph with a node for each single number
numbers      arrays as small tables
steps        the operations forward and backward, each with its edges
walk         a graph that is walked through, one operation at a time
boxes        a tiny network of single numbers, each with its gradient
overview     the walk at one glance, beside formulas and code
"""

from derivations.graph.boxes import Boxes
from derivations.graph.derivatives import local_derivatives
from derivations.graph.drawing import Drawing
from derivations.graph.model import Edge, Graph
from derivations.graph.overview import Overview
from derivations.graph.units import Units
from derivations.graph.walk import Walk

__all__ = ["Boxes", "Drawing", "Edge", "Graph", "Overview", "Units", "Walk", "local_derivatives"]
