"""Matrix factorization."""

from derivations.layers.operator import Operator

factorization = Operator(
    title="Matrix factorization",
    kind="model",
    sentence="A table as a product of two thin ones, held against its known entries.",
    source="Koren, Bell and Volinsky, Matrix factorization techniques for recommender systems, Computer 42 (2009)",
    forward="""
        E[p, q] = sum[k](U[k, p] * V[k, q]) - R[p, q]
        L = sum[p, q](M[p, q] * E[p, q]**2) / 2
    """,
    wrt="U, V",
)
