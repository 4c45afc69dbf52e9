"""Figures of a computational graph as HTML and SVG, in pages and in live cells.

layout       where a node stands
picture      lines, nodes and labels as HTML and SVG
drawing      a graph as a figure
units        the same graph with a node for each single number
numbers      arrays as small tables
walk         a graph that is walked through, one operation at a time
overview     the walk at one glance, beside formulas and code
product      a matrix product, entry by entry
boxes        a tiny network of single numbers, each with its gradient
"""

from derivations.figures.boxes import Boxes
from derivations.figures.drawing import Drawing
from derivations.figures.overview import Overview
from derivations.figures.product import Product
from derivations.figures.units import Units
from derivations.figures.walk import Walk

__all__ = ["Boxes", "Drawing", "Overview", "Product", "Units", "Walk"]
