"""Second ways to decide an equation: each shares nothing with the proof but the expression."""
