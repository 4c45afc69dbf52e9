# %% [markdown]
# # Checking gradients
#
# A gradient is easily wrong: a sign, a transpose, a factor. The wrong one often has the right shape, and training with it
# often still makes the loss fall, only slower or less far. So a gradient should be checked, once, before it is used. The
# check needs nothing but the loss itself.
#
# At the end of this chapter you will be able to write such a check in ten lines, and choose its step. You will know two other
# methods that are more exact, what a check can't see, and why a simple check calls a right gradient wrong at the very start
# of our training.
#
# ## Slopes from two values
#
# Take one entry of one parameter, leave all others alone, and let $J$ be the loss. Move the entry by a small step $s$. Where
# the loss is smooth, its new value is near $J + g s + p s^2 + q s^3$. Here $g$ is the slope, the entry's gradient, which we
# seek; $p$ and $q$ are numbers that we don't know. The first idea is to divide the change of the loss by the step. Below,
# "above" is the loss after a step up and "below" the loss after a step down:

# %%
from derivations import difference_quotients as chapter

chapter.one_sided.prove()

# %% [markdown]
# The result is off by $p s$, in proportion to the step. A step to both sides costs no more than a second value of the loss,
# and cancels that term:

# %%
chapter.central.prove()

# %% [markdown]
# This is the method of *central differences*. A step of a thousandth now errs by a millionth. In code it is a loop over all
# entries, each of which is moved up and down:

# %%
import numpy as np


def central_differences(J, parameters, s):
    """The slope of J for each entry of each array, from two values of J each."""
    slopes = []
    for which, array in enumerate(parameters):
        slope = np.empty_like(array)
        for place in np.ndindex(array.shape):
            above, below = [[other.copy() for other in parameters] for _ in range(2)]
            above[which][place] += s
            below[which][place] -= s
            slope[place] = (J(above) - J(below)) / (2 * s)
        slopes.append(slope)
    return slopes


# %% [markdown]
# To try it, a small network with random numbers will do: $n = 2$ features, $h = 4$ hidden units, $C = 3$ classes, $m = 6$
# examples. Sizes that differ from each other let no transpose hide.

# %%
import netcode

# With this seed no hidden unit is near ReLU's corner; of that later.
random = np.random.default_rng(2351)
n, h, C, m = 2, 4, 3, 6
shapes = (n, m), (h, n), (h, 1), (C, h), (C, 1)
X, *drawn = [np.round(random.normal(size=shape) * 1024) / 1024 for shape in shapes]
parameters = netcode.Parameters(*drawn)
Y, lam = netcode.one_hot(np.array([0, 1, 2, 0, 1, 0]), C), 0.1


def J(parameters):
    parameters = netcode.Parameters(*parameters)
    return netcode.loss(netcode.forward(X, parameters).Z2, Y, parameters, lam)


gradients = netcode.backward(X, Y, parameters, netcode.forward(X, parameters), lam)
numeric = central_differences(J, parameters, s=1e-5)
for name, slope in zip(("dW1", "db1", "dW2", "db2"), numeric, strict=True):
    difference = np.abs(getattr(gradients, name) - slope)
    print(f"{name}: largest difference {difference.max():.0e}")

# %% [markdown]
# ## Why not a smaller step?
#
# With a smaller step $q s^2$ is smaller. But a computer's usual numbers carry 16 digits. The two losses agree in nearly all
# of them, so nearly all cancel in the difference, and what is left has few digits that mean anything. This error is about the
# last digit of $J$, divided by the step: it *grows* as the step shrinks. The best step lies where both errors are equal.
#
# There are two ways out of this. One is more digits: with 50 of them the cancellation does no harm. The other is a trick, the
# *complex step* (Squire and Trapp, 1998). Let the step be imaginary, $is$ with $i^2 = -1$. The loss becomes
# $J + g\,is - p s^2 - i\,q s^3$, and its imaginary part, divided by $s$, is $g - q s^2$. Nothing was subtracted, so nothing
# cancels, and the step may be as small as $10^{-30}$. The loss must be written so that it accepts complex numbers: the
# largest score may not be taken of them, and ReLU must look at the real part.


# %%
def complex_J(parameters):
    W1, b1, W2, b2 = parameters
    Z1 = W1 @ X + b1
    A1 = Z1 * (Z1.real > 0)
    Z2 = W2 @ A1 + b2
    cross_entropy = np.log(np.exp(Z2).sum(axis=0)) - (Y * Z2).sum(axis=0)
    return cross_entropy.mean() + lam / 2 * (np.sum(W1**2) + np.sum(W2**2))


def complex_step(J, parameters, s=1e-30):
    slopes = []
    for which, array in enumerate(parameters):
        slope = np.empty_like(array)
        for place in np.ndindex(array.shape):
            moved = [other.astype(complex) for other in parameters]
            moved[which][place] += 1j * s
            slope[place] = J(moved).imag / s
        slopes.append(slope)
    return slopes


# %% [markdown]
# Here are all methods side by side. Their errors are measured against a gradient with 50 digits, which `netcode.gradients.reference`
# computes number by number. An error here is the length of the whole difference, divided by the length of the gradient.

# %% tags=["hide-input"] alt="Errors against step sizes, both logarithmic. One-sided differences fall in proportion to the step down to an error of about 1e-8 at step 1e-8, then rise. Central differences fall twice as steeply to about 1e-11 near step 1e-5, then rise. The same with 50 digits falls on along the same line without ever rising, beyond 1e-20. The complex step falls along it too, to 1e-16, and stays there at the error of the gradient itself, a dotted line."
import matplotlib.pyplot as plt
import mpmath

from netcode.gradients import reference

exact = reference.reference_gradient(X, Y, parameters, lam)
exact_entries = [
    entry
    for name in ("dW1", "db1", "dW2", "db2")
    for row in exact[name]
    for entry in row
]
size = float(mpmath.sqrt(mpmath.fsum(entry**2 for entry in exact_entries)))


def error(slopes):
    entries = np.concatenate([np.ravel(slope) for slope in slopes])
    with mpmath.workdps(50):
        return (
            float(
                mpmath.sqrt(
                    mpmath.fsum(
                        (mpmath.mpf(a) - b) ** 2
                        for a, b in zip(entries, exact_entries, strict=True)
                    )
                )
            )
            / size
        )


def one_sided(J, parameters, s):
    here, slopes = J(parameters), []
    for which, array in enumerate(parameters):
        slope = np.empty_like(array)
        for place in np.ndindex(array.shape):
            above = [other.copy() for other in parameters]
            above[which][place] += s
            slope[place] = (J(above) - here) / s
        slopes.append(slope)
    return slopes


def with_50_digits(parameters, s):
    """Central differences of the 50-digit loss.

    All steps are powers of 2, so that the moved entries are exact.
    """
    slopes = []
    with mpmath.workdps(50):
        for which, array in enumerate(parameters):
            for place in np.ndindex(array.shape):
                above, below = [
                    [other.copy() for other in parameters] for _ in range(2)
                ]
                above[which][place] += s
                below[which][place] -= s
                J = [
                    reference.reference_loss(X, Y, netcode.Parameters(*moved), lam)
                    for moved in (above, below)
                ]
                slopes.append((J[0] - J[1]) / (2 * mpmath.mpf(s)))
    return [np.array(slopes, dtype=object)]


steps = 2.0 ** -np.arange(3, 51)
coarse = 2.0 ** -np.arange(3, 42, 3)
by_one_side = [error(one_sided(J, parameters, s)) for s in steps]
by_two_sides = [error(central_differences(J, parameters, s)) for s in steps]
by_digits = [error(with_50_digits(parameters, s)) for s in coarse]
by_complex = [error(complex_step(complex_J, parameters, s)) for s in steps]
of_backward = error([gradients.dW1, gradients.db1, gradients.dW2, gradients.db2])

figure, axes = plt.subplots(figsize=(7, 4.4))
axes.loglog(steps, by_one_side, "-", label="one-sided difference")
axes.loglog(steps, by_two_sides, "--", label="central difference")
axes.loglog(coarse, by_digits, ":s", markersize=3.5, label="central, with 50 digits")
axes.loglog(steps, by_complex, "-.", label="complex step")
axes.axhline(of_backward, linestyle=":", color="#888888")
axes.annotate(
    "backpropagation",
    (steps[0], of_backward),
    xytext=(-2, 4),
    textcoords="offset points",
    ha="right",
)
axes.set(xlabel="step s", ylabel="error, relative")
axes.grid()
axes.legend(fontsize=9)
plt.show()

# %% tags=["remove-input"]
from IPython.display import Markdown

from derivations.calculus.writers.latex import power_of_ten

best = int(np.argmin(by_two_sides))
best_one = int(np.argmin(by_one_side))
Markdown(
    f"One-sided differences are at their best at a step of ${power_of_ten(steps[best_one])}$, with an error of ${power_of_ten(by_one_side[best_one])}$; central differences at "
    f"${power_of_ten(steps[best])}$, with ${power_of_ten(by_two_sides[best])}$. With 50 digits the same formula just goes on: at a step of ${power_of_ten(coarse[-1])}$ its error is ${power_of_ten(by_digits[-1])}$. "
    f"It knows nothing of the chain rule, and agrees with the 50-digit backpropagation to so many digits. The complex step ends at ${power_of_ten(by_complex[-1])}$, as exact as "
    f"backpropagation itself (${power_of_ten(of_backward)}$) in 16 digits."
)

# %% [markdown]
# Central differences with $s = 10^{-5}$ are what one writes first and nearly always enough. The complex step is for the last doubts.
#
# ## How near is near enough?
#
# Compare *shapes* first. NumPy lines up arrays of different shapes silently:

# %%
flat = gradients.db1.ravel()  # the right numbers, of shape (h,) in the place of (h, 1)
print("their difference has the shape", (gradients.db1 - flat).shape)

# %% [markdown]
# Then compare each entry, but not its relative error alone: an entry that happens to be near 0 is a sum of large terms that
# cancel, and has the *terms'* rounding error. The right yardstick for an entry is its formula with the absolute value of every
# term in place of the term. `netcode.check_gradient` uses it: with central differences an entry may be off by about $10^{-9}$ of
# its yardstick plus the rounding error of the loss over the step; with the complex step by 16 times the last digit.

# %%
print(netcode.check_gradient(X, Y, parameters, gradients, lam))

# %% [markdown]
# ## The kink trap
#
# A gradient check can call a right gradient wrong. On the spiral's data and at the start of training, a simple check does.
# Here it is:

# %%
from netcode import data

rows, y = data.spiral()
X, Y, lam = rows.T, netcode.one_hot(y, 3), 1e-3
start = netcode.initialize(2, 25, 3, seed=0)


def compare_at_start():
    gradients = netcode.backward(X, Y, start, netcode.forward(X, start), lam)
    numeric = central_differences(J, start, s=1e-5)
    for name, slope in zip(("dW1", "db1", "dW2", "db2"), numeric, strict=True):
        right = getattr(gradients, name)
        difference, size = np.abs(right - slope).max(), np.abs(right).max()
        print(
            f"{name}: largest difference {difference:.0e}, of entries up to {size:.0e}"
        )


compare_at_start()

# %% [markdown]
# The second layer agrees to ten digits, the first does not. ReLU's corner, its *kink*, is in the way, where the input $Z^{[1]}$
# of a hidden unit is 0:

# %%
Z1 = netcode.forward(X, start).Z1
print(
    np.sum(Z1 == 0),
    "inputs of ReLU are exactly 0; of the others, the nearest to 0 is",
    f"{np.abs(Z1[Z1 != 0]).min():.0e}",
)

# %% [markdown]
# There are two cases.
#
# *A kink nearby.* One input is nearer to 0 than the step. Moving its bias by the step in one direction crosses the corner, and
# the slope changes on the way. This is what spoiled the check above. A smaller step avoids it, but the smaller the step, the fewer the digits.
#
# *A kink at the very place.* Three points of the spiral are the origin exactly, and the biases start at 0. So at these points the
# input of each of the 25 hidden units is exactly 0. A step up makes the unit active for these points, a step down does not, and the
# central difference is the mean of two slopes, whatever the step. The gradient is one of the two, by the convention that
# ReLU's slope at 0 is 0. Above, this did no harm, by a lucky accident: the three points have equal scores and three different
# labels, so that their $P - Y$ add up to 0 and their errors cancel. Take two of the three away, as a mini-batch might, and the luck is gone:

# %%
at_origin = np.flatnonzero((X == 0).all(axis=0))
X, Y = np.delete(X, at_origin[1:], axis=1), np.delete(Y, at_origin[1:], axis=1)
compare_at_start()

# %% tags=["hide-input"] alt="Left: how the loss changes with one bias of the first layer, after the straight line that the gradient predicts is subtracted. To the left of the start nothing is left; at the start there is a corner, and to the right the rest rises. The central difference is a straight line with half that slope and follows neither side. Right: relative errors of db1 against step sizes, logarithmic. With all 300 points the plain central difference has errors near 1e-2 for large steps and drops at 1e-6; with one point at the origin it stays at 2e-2 for every step. With the active units held fixed it falls to 1e-10 near step 1e-5. The complex step reaches 1e-15."
at_start = netcode.forward(X, start)
gradients = netcode.backward(X, Y, start, at_start, lam)
active = at_start.Z1 > 0


def held_J(parameters):
    """The loss if exactly those units are active that are active at the start."""
    W1, b1, W2, b2 = parameters
    Z2 = W2 @ ((W1 @ X + b1) * active) + b2
    return netcode.loss(Z2, Y, netcode.Parameters(*parameters), lam)


def held_complex_J(parameters):
    W1, b1, W2, b2 = parameters
    Z2 = W2 @ ((W1 @ X + b1) * active) + b2
    # Without the penalty, which has no biases.
    return np.mean(np.log(np.exp(Z2).sum(axis=0)) - (Y * Z2).sum(axis=0))


def error_of_biases(differentiate, J, steps):
    """The relative error of db1 for each step; all other parameters are left out."""
    exact = netcode.backward(X, Y, start, netcode.forward(X, start), lam).db1

    def J_of_b1(b1):
        return J([start.W1, b1[0], start.W2, start.b2])

    return [
        np.linalg.norm(differentiate(J_of_b1, [start.b1], s)[0] - exact)
        / np.linalg.norm(exact)
        for s in steps
    ]


numeric = central_differences(J, start, s=1e-5)[1]
unit = int(np.abs(gradients.db1 - numeric).argmax())
near = np.linspace(-1e-3, 1e-3, 81)
rest = []
for s in near:
    b1 = start.b1.copy()
    b1[unit] += s
    rest.append(J(start._replace(b1=b1)) - J(start) - s * gradients.db1[unit, 0])

figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.6))
left.plot(near * 1e3, np.array(rest) * 1e6, label="the loss")
left.plot(
    near * 1e3,
    near * (numeric - gradients.db1)[unit, 0] * 1e6,
    "--",
    label="central difference",
)
left.set(
    xlabel="change of one bias, thousandths",
    ylabel="loss less the gradient's line, millionths",
)
left.legend(fontsize=9)
left.grid()

few = 10.0 ** -np.arange(2, 13)
right.loglog(
    few, error_of_biases(central_differences, J, few), "--", label="central difference"
)
right.loglog(
    few,
    error_of_biases(central_differences, held_J, few),
    "-",
    label="the same, active units held",
)
right.loglog(
    few, error_of_biases(complex_step, held_complex_J, few), "-.", label="complex step"
)
X, Y = rows.T, netcode.one_hot(y, 3)
right.loglog(
    few,
    error_of_biases(central_differences, J, few),
    ":",
    label="central difference, all points",
)
right.set(
    xlabel="step s",
    ylabel="relative error of db1",
    ylim=(1e-17, 1e4),
    yticks=10.0 ** np.arange(-16, 1, 4),
)
right.minorticks_off()
right.legend(fontsize=8, loc="upper center")
right.grid()
plt.show()

# %% [markdown]
# A check must *see* kinks. There are three honest ways:
#
# - Check at another place: add small random numbers to the biases first. That leaves the kinks at the very place, but there may be others nearby.
# - Skip the entries at which the slopes to both sides differ, and say so.
# - Hold the set of active hidden units fixed while the entry moves. Then the loss is smooth, and its slope is the one that
#   the convention means. No entry goes unchecked.
#
# `netcode.check_gradient` does the last, only where a kink is near, and reports for how many entries:

# %%
at_start = netcode.forward(X, start)  # with all 300 points again
gradients = netcode.backward(X, Y, start, at_start, lam)
print(netcode.check_gradient(X, Y, start, gradients, lam))

# %% [markdown]
# ## What a check finds
#
# This project keeps [a catalogue of mistakes](mistakes.py) that people make in a backward pass, each as a wrong line of code. A backward pass
# with the wrong line takes the place of the right one, and the check must say so. For instance, a forgotten $1/m$:

# %%
from netcode.mistakes.mistake import backward_with

wrong = backward_with("dZ2 = P - Y")  # in the place of netcode's own line
print(netcode.check_gradient(X, Y, start, wrong(X, Y, start, at_start, lam), lam))

# %% tags=["remove-cell"]
from netcode.mistakes.catalogue import MISTAKES

lines = [line for mistake in MISTAKES for line in mistake.lines]
hidden = [mistake.name for mistake in MISTAKES if mistake.hidden]


def hidden_by(circumstance):
    return [mistake for mistake in MISTAKES if circumstance in mistake.hidden]


by_one_example, by_no_penalty, by_first_call, by_zero_biases = map(
    hidden_by, ("one example", "no penalty", "first call", "biases of 0")
)

# %% tags=["remove-input"]
Markdown(
    f"The catalogue has {len(MISTAKES)} mistakes in {len(lines)} lines, and this project's tests show that the check finds each of them. But not everywhere: {len(hidden)} "
    "of them give the *right* gradient under some circumstances, and then no check can see them:\n\n"
    f"- With one example, $m = 1$, {len(by_one_example)} are hidden: there is nothing to sum and nothing to average.\n"
    f"- With $\\lambda = 0$, {len(by_no_penalty)} mistakes in the penalty are hidden.\n"
    f"- At biases of 0, as they start, a penalty that is put on the biases by mistake is hidden ({len(by_zero_biases)}).\n"
    f"- At the first call, {len(by_first_call)} are hidden: those in which one call spoils what the next one uses.\n\n"
    "So check with several examples, with a penalty, with biases that aren't 0, with sizes that all differ, and call the function twice."
)

# %% [markdown]
# ## Exercises
#
# **1.** The error of a central difference is about $q s^2$ plus the last digit of $J$ over the step, $\varepsilon J / s$ with
# $\varepsilon = 2 \cdot 10^{-16}$. At which $s$ is the sum smallest, if $q$ and $J$ are near 1? And for the one-sided difference?

# %% tags=["solution"]
epsilon = np.finfo(float).eps
s = np.logspace(-12, -1, 100_000)
best_central = s[np.argmin(s**2 + epsilon / s)]  # where 2 s = epsilon / s^2
best_one_sided = s[np.argmin(s + epsilon / s)]  # where 1 = epsilon / s^2
assert np.isclose(best_central, (epsilon / 2) ** (1 / 3), rtol=1e-3)
assert np.isclose(best_one_sided, epsilon**0.5, rtol=1e-3)
print(f"central: the cube root of epsilon / 2, {best_central:.1e}")
print(f"one-sided: the square root of epsilon, {best_one_sided:.1e}")

# %% [markdown]
# **2.** The loop above needs two losses for each entry: 306 for the spiral's 153 parameters, and millions for a larger network.
# Write a check that needs only two losses in all. What does it tell you, and what not?

# %% tags=["solution"]
trained = netcode.GradientDescent(X, Y, start, learning_rate=1.0, lam=lam, updates=100)
for _ in trained:
    pass
here = trained.parameters
backward = netcode.backward(X, Y, here, netcode.forward(X, here), lam)
gradient = [backward.dW1, backward.db1, backward.dW2, backward.db2]

# Move all parameters at once, in a random direction. The slope in that direction is the
# sum of gradient times direction.
direction = [np.random.default_rng(1).normal(size=array.shape) for array in here]
s = 1e-6
above = [array + s * d for array, d in zip(here, direction, strict=True)]
below = [array - s * d for array, d in zip(here, direction, strict=True)]
slope = (J(above) - J(below)) / (2 * s)
expected = sum(np.sum(g * d) for g, d in zip(gradient, direction, strict=True))
assert abs(slope - expected) < 1e-6
print(f"slope {slope:.8f}, by the gradient {expected:.8f}")

# A wrong gradient agrees only if its error happens to be perpendicular to the
# direction, which is very unlikely. But where the error is, this check can't tell.
assert abs(slope - 2 * expected) > 1e-3

# %% [markdown]
# **3.** Someone checks the line `dW2 = dZ2 @ A1.T + 2 * lam * W2` with `lam = 0.0` and finds it right. Then with `lam = 0.1`.
# What do the two checks say?

# %% tags=["solution"]
doubled = backward_with("dW2 = dZ2 @ A1.T + 2 * lam * W2")
verdicts = {}
for lam in (0.0, 0.1):
    wrong = doubled(X, Y, here, netcode.forward(X, here), lam)
    verdicts[lam] = netcode.check_gradient(X, Y, here, wrong, lam).ok
assert verdicts == {0.0: True, 0.1: False}
print("right with lam = 0.0, wrong with lam = 0.1")

# %% [markdown]
# Next: [what is wrong with my gradient?](diagnose.py), for the day on which the check fails.
