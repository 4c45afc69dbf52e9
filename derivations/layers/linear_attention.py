"""Linear attention."""

from derivations.layers.operator import Operator

linear_attention = Operator(
    title="Linear attention",
    kind="attention",
    sentence="Positive features in place of the softmax, so that keys and values are summed up first.",
    source="Katharopoulos et al., Transformers are RNNs, arXiv:2006.16236",
    forward="""
        N[v, d] = sum[k](K[k, d] * V[k, v])
        z[q] = sum[k, d](Q[q, d] * K[k, d])
        O[q, v] = sum[d](Q[q, d] * N[v, d]) / z[q]
    """,
    wrt="Q, K, V",
    assume="Q > 0, K > 0",
)
