"""Cosine similarity."""

from derivations.layers.operator import Operator

cosine_similarity = Operator(
    title="Cosine similarity",
    kind="normalization",
    sentence="The cosine of the angle between two vectors.",
    source="Salton, Wong and Yang, A vector space model for automatic indexing, Communications of the ACM 18 (1975)",
    forward="""
        n[i] = sqrt(sum[j](A[i, j]**2))
        q[i] = sqrt(sum[j](B[i, j]**2))
        s[i] = sum[j](A[i, j] * B[i, j]) / (n[i] * q[i])
    """,
    wrt="A, B",
)
