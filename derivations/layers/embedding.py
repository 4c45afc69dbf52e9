"""Embedding."""

from derivations.layers.operator import Operator

embedding = Operator(
    title="Embedding",
    kind="linear",
    sentence="A column of a table for each token: a lookup, and its gradient adds up where a token comes twice.",
    source="Bengio et al., A neural probabilistic language model, JMLR 3 (2003)",
    forward="Y[d, i] = E[d, t[i]]",
    wrt="E",
)
