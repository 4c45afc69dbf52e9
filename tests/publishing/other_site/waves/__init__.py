"""Identities, checked by a program that knows nothing of how they are published."""
