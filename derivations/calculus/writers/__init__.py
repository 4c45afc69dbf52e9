"""How an expression is written: as LaTeX, as plain text, as a line of NumPy."""
