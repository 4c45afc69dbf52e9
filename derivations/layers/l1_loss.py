"""Mean absolute error."""

from derivations.layers.operator import Operator

l1_loss = Operator(
    title="Mean absolute error",
    kind="loss",
    sentence="The distance to the targets without squares; its slope is a sign.",
    source="Boscovich, De litteraria expeditione (1757)",
    forward="L = mean[v, i](abs(Z[v, i] - T[v, i]))",
    wrt="Z",
)
