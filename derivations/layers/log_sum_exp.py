"""Log-sum-exp."""

from derivations.layers.operator import Operator

log_sum_exp = Operator(
    title="Log-sum-exp",
    kind="softmax",
    sentence="A smooth maximum; its gradient is softmax.",
    source="Nesterov, Smooth minimization of non-smooth functions, Mathematical Programming 103 (2005)",
    forward="l[i] = logsumexp[c](S[c, i])",
    wrt="S",
)
