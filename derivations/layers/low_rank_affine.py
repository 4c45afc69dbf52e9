"""Low-rank affine layer (LoRA)."""

from derivations.layers.operator import Operator

low_rank_affine = Operator(
    title="Low-rank affine layer (LoRA)",
    kind="linear",
    sentence="A frozen weight matrix plus a trained product of two thin ones.",
    source="Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, arXiv:2106.09685",
    forward="""
        H[r, i] = sum[u](A[r, u] * X[u, i])
        Y[v, i] = sum[u](W[v, u] * X[u, i]) + alpha / size(r) * sum[r](B[v, r] * H[r, i])
    """,
    wrt="X, A, B",
)
