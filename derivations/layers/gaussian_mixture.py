"""Log-likelihood of a Gaussian mixture."""

from derivations.layers.operator import Operator

gaussian_mixture = Operator(
    title="Log-likelihood of a Gaussian mixture",
    kind="model",
    sentence="Points in one dimension under a sum of Gaussians; the weights come from scores.",
    source="Dempster, Laird and Rubin, Journal of the Royal Statistical Society B 39 (1977)",
    forward="""
        a[k, i] = s[k] - logsumexp[j](s[j]) - l[k] - (x[i] - m[k])**2 * exp(-2 * l[k]) / 2
        L = -mean[i](logsumexp[k](a[k, i]))
    """,
    wrt="m, l, s",
)
