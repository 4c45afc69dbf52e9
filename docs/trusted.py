# %% [markdown]
# # What is proven, what is cross-checked, what is trusted
#
# This site says of its formulas that they are proven. That is a large word, so here is what it means, what is only compared in
# numbers, and what must be taken on trust.
#
# At its end you will know how the program decides, how it could still be wrong, and what it does not claim at all.
#
# ## Four verdicts
#
# Each link of each derivation, "this expression equals the next one", is a *claim*. So is each comparison with the training code.
# A claim gets one of four verdicts:
#
# - **Proven.** The two sides are equal for all sizes from 1 on and for all real numbers in the arrays for which both are defined. This is found by
#   rewriting, and a second, exact way has to agree. Where a proof divides by something, or takes its root or logarithm, and it isn't known
#   to be allowed, the claim says so: *provided that* $s \neq 0$.
# - **Cross-checked.** Two computations agree in floating-point numbers, at stated sizes and data, within a stated tolerance. This is how formulas
#   are tied to code.
# - **Refuted.** The program has found a counterexample: sizes and numbers at which the sides differ, or shapes that can't match.
# - **Undecided.** Neither. An undecided claim is an error, and stops the build.

# %% tags=["remove-input"]
from collections import Counter

from IPython.display import Markdown

from derivations.calculus.writers.latex import power_of_ten
from derivations.checking import current_report

report = current_report()
claims = report["claims"]
found = Counter((claim["verdict"], claim["expected"]) for claim in claims)
assert report["ok"]
Markdown(
    "In this build:\n\n| verdict | claims | expected |\n| --- | --- | --- |\n"
    + "\n".join(
        f"| {verdict} | {number} | {'to hold' if expected == 'holds' else 'to fail: the errata'} |"
        for (verdict, expected), number in sorted(found.items())
    )
    + f"\n| undecided | {sum(claim['verdict'] == 'undecided' for claim in claims)} | never |"
)

# %% [markdown]
# The same in code. The right side of an equation is given with the left, and the program decides. `relu(z)` is $\max(0, z)$:

# %%
from sympy import exp, log, sqrt

from derivations.calculus import relu, sum_over
from derivations.notation import Z1, i, v, w
from derivations.proofs import Equation, decide

Z = Z1[v, i]
statements = {
    "log(exp(Z) * S) = Z + log(S), S a sum of exponentials": Equation(
        log(exp(Z) * sum_over(w, exp(Z1[w, i]))), Z + log(sum_over(w, exp(Z1[w, i])))
    ),
    "relu(Z) + relu(-Z) = Z": Equation(relu(Z) + relu(-Z), Z),
    "sqrt(1 + 2 exp(Z) + exp(2 Z)) = 1 + exp(Z)": Equation(
        sqrt(1 + 2 * exp(Z) + exp(2 * Z)), 1 + exp(Z)
    ),
}
for statement, equation in statements.items():
    decision = decide(equation)
    print(statement)
    print("   ", decision.verdict, decision.counterexample or decision.reason)

# %% [markdown]
# The last one is true: under the root is the square of $1 + e^Z$. But the program doesn't look for squares under roots, so its rules are not
# enough to see it, and no number speaks against it. It says *undecided*, not *proven*, though all numbers agree, and shows what is left of the
# difference. That is the point of having the word.
#
# ## What a proof is
#
# Formulas are made of few things: entries of arrays, sums over indices, products, powers, the functions of one table (exponentials, logarithms, roots,
# ReLU and its step, the sigmoid, tanh and some more), and the *Kronecker delta*, which is 1 if two indices are equal and 0 if not. The program takes
# the difference of the two sides, works out all derivatives by the chain rule through the names, and simplifies by these rules until none applies:
#
# 1. A product of sums is one sum; what does not depend on the index of a sum leaves it.
# 2. A delta in a sum picks one term: $\sum_i \delta_{ij} f_i = f_j$. Where two indices are equal by a delta, one name is used for both.
# 3. A sum of something that does not depend on the index is that something times the size of the index's range.
# 4. $e^{a+b} = e^a e^b$; $\log(ab) = \log a + \log b$ for positive $a$; the logarithm and the exponential undo each other.
# 5. $\mathrm{ReLU}(z) = z\,[z > 0]$; a step times itself is itself; a positive factor inside a step makes no difference; $z\,[z > 0] = z - z\,[-z > 0]$.
# 6. What a sum is divided by cancels: $T/(T+R) = 1 - R/(T+R)$; and a fraction is 0 if it is 0 after multiplying by its denominators.
# 7. What was assumed of an array: that it adds up to 1 along an axis, or that it is positive.
# 8. Indices that are summed over carry no names: whether it is $i$ or $j$ makes no difference.
#
# Each rule is an equality of real numbers wherever both sides are defined. So if nothing is left of the difference, the sides are equal. The
# rules don't mention any size: $m$ stays $m$. That is why one proof holds for every network, and takes no longer for a large one.
#
# If something is left, nothing follows: it may still be 0. Then only a counterexample refutes.
#
# ## What is assumed
#
# - All entries are real numbers, and all sizes are whole numbers from 1 on.
# - An index runs exactly over the axis where it stands. An index on an axis of another size is an error, and refutes the claim.
# - Each column of the labels $Y$ adds up to 1. It is named in each derivation that uses it. One column with a single 1 is the usual case, but
#   labels like $(0.9, 0.1, 0)$ are covered too.
# - The slope of ReLU at 0 is 0. It is a convention, and [the code has the same](relu.py).
#
# ## Three ways, not one
#
# A program that proves can have mistakes itself. So no claim is called proven by rewriting alone. Two more programs, which share nothing with it but the
# expression, have to agree:
#
# - **An exact witness.** It puts whole numbers into both sides and computes *modulo a prime*: like on a clock with some $10^{38}$ hours, where numbers stay
#   whole, nothing is rounded, and division still works. Derivatives come along with the values, as pairs of numbers. It tries every combination of the
#   sizes 1 and 2. Two formulas that differ agree at all of them by chance less than once in $10^{15}$ times. It can't see everything: logarithms of sums and
#   some roots have no meaning on such a clock. There both sides are computed with 100 digits instead, by plain loops.
# - **Floating-point numbers.** Both sides are evaluated on random arrays, large and small, of both signs, at sizes that differ, at equal ones and at size 1, and
#   with all zeros, where ReLU has its corner. This way finds the counterexamples that a reader can follow by hand.
#
# If the three ways disagree, the verdict is not *proven*. [The page of all claims](checks.py) shows for each what the second way found.
#
# Then each result is evaluated again and compared with what `netcode` computes: at random sizes, on the spiral and on the digits, at the start and
# after training. Shapes are compared first, then number types, then each entry. An entry may be off by 8 units in the last digit of its *yardstick*, the formula with the absolute value
# of every term. The line of NumPy that a derivation writes is run at three choices of sizes, one of them with ones in it, before it is shown; in the network it must
# be, character for character, the line of `netcode`.
#
# The figure shows how far apart the two sides were in floating-point numbers, for all claims of this build.

# %% tags=["hide-input"] alt="Two rows of dots on a logarithmic axis that ends at 1: the largest error of each claim divided by what is allowed. The dots of the proven claims lie between one hundred-thousandth and one thousandth; those of the cross-checked claims lie mostly between three hundredths and three tenths. All are to the left of 1."
import matplotlib.pyplot as plt
import numpy as np

figure, axes = plt.subplots(figsize=(7, 2.6))
random = np.random.default_rng(0)
for place, (verdict, color) in enumerate(
    (("cross-checked", "#d9722b"), ("proven", "#4c78c9"))
):
    ratios = np.array(
        [
            claim["max_error"] / claim["tolerance"]
            for claim in claims
            if claim["verdict"] == verdict and claim["max_error"]
        ]
    )
    axes.plot(
        ratios,
        place + random.uniform(-0.25, 0.25, len(ratios)),
        "o",
        markersize=3,
        color=color,
        alpha=0.7,
    )
axes.axvline(1, linestyle="--", color="#888888")
axes.set(
    xscale="log",
    xlabel="largest error, as a part of what is allowed",
    yticks=[0, 1],
    yticklabels=["cross-checked", "proven"],
    ylim=(-0.6, 1.6),
)
axes.grid(axis="x")
plt.show()

# %% tags=["remove-input"]
exact = sum(claim["max_error"] == 0 for claim in claims)
worst = {
    verdict: max(
        claim["max_error"] or 0
        for claim in claims
        if claim["verdict"] == verdict and claim["tolerance"] == tolerance
    )
    for verdict, tolerance in (
        ("proven", 1e-12),
        ("cross-checked", 8 * np.finfo(float).eps),
    )
}
Markdown(
    f"({exact} claims, in which both sides were the very same numbers, are not drawn.) Proven claims differ by at most ${power_of_ten(worst['proven'])}$ in numbers, where $10^{{-12}}$ is allowed; comparisons of results "
    f"with the training code by at most ${power_of_ten(worst['cross-checked'])}$ of the yardstick, where ${power_of_ten(8 * np.finfo(float).eps)}$ is allowed."
)

# %% [markdown]
# ## What is trusted
#
# Something must be, and it should be said what:
#
# - **Python, NumPy, SymPy**, and the computer. Of SymPy only its expressions are used.
# - **Our own rules.** They are some two thousand lines of Python, tested one by one against plain loops over numbers, but not themselves proven in a
#   proof assistant such as Lean. A mistake in them would have to be made by the exact witness too.
# - **The definitions.** The program proves that the gradient belongs to the loss as it is written in `derivations/network.py`. Whether this loss is what you want is for you to read.
# - **The printing.** A formula on a page is printed from the object that was proven, so no hand is between them. That the printing is faithful is tested: the NumPy line is executed and
#   compared, and in the tests a second program reads every typeset formula back and computes its numbers.
# - **Your browser**, where you run a cell of a page yourself. The code is the same, but what a chapter states was proven when the site was
#   built, and is not proven again: the verdict is the report's. What you state in a cell of your own is decided there and then.
# - **Floating-point numbers.** Proofs are about real numbers. That the code's rounding errors are small is cross-checked, with [50 digits](checking-gradients.py), not proven.
#
# And what nobody claims here: that training finds the best weights, that it always converges, or that the network is right about points that it has not seen.
#
# ## Break it yourself
#
# The best way to trust a checker is to see it say no. Change a sign, an index or a factor in `derivations/` or in `netcode/network.py`, and run `make check`; it names
# the claim and the line. `make site` then builds nothing. Here is the same in small: the gradient of the hidden units, right, twice as large, and with the transpose
# forgotten: then the indices don't even fit their axes, which is said at once.

# %%
from derivations import network
from derivations.calculus import Partial
from derivations.notation import A1, W2, J, c, dZ2, j

dA1 = Partial(J, A1[w, j])  # the derivative of the whole loss
for title, formula in (
    ("W2[c, w] dZ2[c, j]", sum_over(c, W2[c, w] * dZ2[c, j])),
    ("2 W2[c, w] dZ2[c, j]", 2 * sum_over(c, W2[c, w] * dZ2[c, j])),
    ("W2[w, c] dZ2[c, j]", sum_over(c, W2[w, c] * dZ2[c, j])),
):
    try:
        claimed = Equation(
            dA1, formula, where=network.where, assumptions=network.one_class_each
        )
        print(f"{title}: {decide(claimed)}")
    except ValueError as error:
        print(f"{title}: {error}")

# %% [markdown]
# ## Exercises
#
# **1.** What will the program say of these? $\log \sum_v e^{Z_v} = \sum_v Z_v$; and $\sum_v \sum_w Z_v Z_w = (\sum_v Z_v)^2$.

# %% tags=["solution"]
log_of_sum = Equation(log(sum_over(v, exp(Z1[v, i]))), sum_over(v, Z1[v, i]))
total = sum_over(v, Z1[v, i])
square = Equation(sum_over(v, sum_over(w, Z1[v, i] * Z1[w, i])), total**2)
verdicts = [decide(equation).verdict for equation in (log_of_sum, square)]
assert verdicts == ["refuted", "proven"]
print(", ".join(verdicts), "- the first with all scores 0: log 2 is not 0")

# %% [markdown]
# **2.** A claim holds in numbers at $m = 3$, $n = 3$, $h = 3$, $C = 3$. Why does that say less than the same at 2, 3, 4, 5? Give a false formula that passes the first.

# %% tags=["solution"]
# At equal sizes every transpose has the right shape, and a symmetric example hides it
# even in the numbers.
W, A = np.eye(3) + np.ones((3, 3)), np.arange(9.0).reshape(3, 3)
assert np.array_equal(W @ A, W.T @ A)  # false in general
try:
    np.ones((4, 2)).T @ np.ones((2, 3))
except ValueError:
    print("W.T @ A passes with this W; at distinct sizes its shapes don't even fit")
else:
    raise AssertionError("expected an error")

# %% [markdown]
# Next: [the checks of this build](checks.py), claim by claim.
