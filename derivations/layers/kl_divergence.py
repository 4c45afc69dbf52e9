"""Kullback-Leibler divergence."""

from derivations.layers.operator import Operator

kl_divergence = Operator(
    title="Kullback-Leibler divergence",
    kind="loss",
    sentence="From fixed targets to softmax probabilities.",
    source="Kullback and Leibler, On information and sufficiency, Annals of Mathematical Statistics 22 (1951)",
    forward="""
        P[c, i] = softmax[c](S[c, i])
        L = mean[i](sum[c](Q[c, i] * (log(Q[c, i]) - log(P[c, i]))))
    """,
    wrt="S",
    assume="Q > 0, sum[c](Q[c, i]) == 1",
)
