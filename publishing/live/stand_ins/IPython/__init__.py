"""Of IPython, what the pages use of it."""
