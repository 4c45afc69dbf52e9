"""The simplifier: expressions as polynomials in atoms, and the rules by which they are simplified.

From the bottom up:

- `subscripts`, `atoms`, `polynomials`, `composites`: what a simplified expression is made of
- `labelling`: numbers for the indices of a sum, whatever their names were
- `products`, `matching`, `rules`: the rules for products and sums; `function_rules`, `powers`: those for functions
- `templates`, `substitution`, `signs`, `fractions`, `budget`: what the rules need
- `rewriting`: the loop that applies them; `algebra`: the same as the rules see it
- `reading`, `names`, `dependencies`, `derivatives`, `conditions`: from SymPy's expressions, with what names stand for
- `denominators`, `quick_look`: is a simplified expression 0?
"""
