"""Gradient descent: one step, many steps, and the file that keeps what came of them."""
