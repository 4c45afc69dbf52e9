"""Code as people write it: what its names mean, what it wants, and where in its result the gradients are."""

from __future__ import annotations
