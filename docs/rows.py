# %% [markdown]
# # Examples as rows: the dictionary
#
# In this site's formulas each example is a *column*: $X$ has the shape $n \times m$, $n$ features by $m$ examples. Most data files and
# most libraries have each example as a *row*. Then every matrix is transposed, and every product has its factors in the other order.
#
# Neither is better mathematics. But they must not be mixed, and often they are: the formulas say $Z = W A + b$, with columns, the code
# says `np.dot(a0, W1) + b1`, with rows, and the bias is a row of shape $1 \times l$ that fits the code alone.
#
# At the end of this chapter you will be able to translate any formula of this site into the other convention and back.
#
# ## What a translation is
#
# Let a tilde mark what is written with rows. Each array with a tilde is the transpose of the one without:

# %% tags=["remove-input"]
from IPython.display import Markdown

from derivations import network
from derivations import rows as chapter

arrays = {
    "data": ("X", "n", "m"),
    "labels": ("Y", "C", "m"),
    "first weights": ("W^{[1]}", "h", "n"),
    "first biases": ("b^{[1]}", "h", "1"),
    "hidden units": ("A^{[1]}", "h", "m"),
    "second weights": ("W^{[2]}", "C", "h"),
    "second biases": ("b^{[2]}", "C", "1"),
    "scores": ("Z^{[2]}", "C", "m"),
}


def tilde(name):
    return rf"\widetilde{{{name[0]}}}{name[1:]}"


def transposed(name):
    return name[:-1] + r"\top}" if name.endswith("}") else name + r"^\top"


Markdown(
    "| | examples as columns | examples as rows |\n| --- | --- | --- |\n"
    + "\n".join(
        rf"| {what} | ${name}$ is ${rows} \times {columns}$ | ${tilde(name)} = {transposed(name)}$ is ${columns} \times {rows}$ |"
        for what, (name, rows, columns) in arrays.items()
    )
)

# %% tags=["hide-input"] alt="Boxes to scale. Upper line, examples as columns: W1, 4 high and 2 wide, times X, 2 high and 6 wide, plus b1, a column 4 high, gives Z1, 4 high and 6 wide; the third column of X and of Z1, one example, is shaded. Lower line, examples as rows: X, 6 high and 2 wide, times W1, 2 high and 4 wide, plus b1, a row 4 wide, gives Z1, 6 high and 4 wide; the third row of X and of Z1 is shaded."
import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

n, m, h = 2, 6, 4
figure, axes = plt.subplots(figsize=(7, 4.6))


def draw(left, middle, name, height, width, example=None):
    top = middle + height / 2
    axes.add_patch(
        Rectangle(
            (left, top - height),
            width,
            height,
            fill=False,
            edgecolor="#4c78c9",
            linewidth=1.5,
        )
    )
    if example == "column":
        axes.add_patch(
            Rectangle((left + 2, top - height), 1, height, color="#d9722b", alpha=0.5)
        )
    if example == "row":
        axes.add_patch(Rectangle((left, top - 3), width, 1, color="#d9722b", alpha=0.5))
    axes.text(left + width / 2, top + 0.3, name, ha="center", va="bottom")
    return left + width


def sign(left, middle, text):
    axes.text(left + 0.6, middle, text, ha="center", va="center", fontsize=14)
    return left + 1.2


for middle, boxes in (
    (
        7.4,
        (
            ("W1", h, n, None),
            "",
            ("X", n, m, "column"),
            "+",
            ("b1", h, 1, None),
            "=",
            ("Z1", h, m, "column"),
        ),
    ),
    (
        0,
        (
            ("X", m, n, "row"),
            "",
            ("W1", n, h, None),
            "+",
            ("b1", 1, h, None),
            "=",
            ("Z1", m, h, "row"),
        ),
    ),
):
    left = 0.0
    for box in boxes:
        left = (
            sign(left, middle, box)
            if isinstance(box, str)
            else draw(left, middle, *box)
        )
axes.set(xlim=(-0.2, 19.5), ylim=(-3.4, 10.6), aspect="equal")
axes.axis("off")
plt.show()

# %% [markdown]
# The transpose of a product is the product of the transposes in reverse, so $Z = W A$ becomes $\widetilde{Z} = \widetilde{A}\,\widetilde{W}$. What was
# a sum over a row becomes a sum over a column. What works entry by entry, ReLU, the mask, a difference, stays as it is.
#
# Each translation here is a derivation of its own and proven: it starts from the transpose, puts in the result with columns, and ends in
# what one writes with rows. This is the one for the second layer's weights. The sum over the examples $i$ was $dZ^{[2]}$ times the
# transpose of $A^{[1]}$; now it is the activations that are transposed, and stand first.

# %%
chapter.dW2_as_rows.prove()

# %% [markdown]
# ## The dictionary
#
# All results in both forms, each above the line of NumPy that the derivation writes. (In the code with rows the arrays have their
# plain names, as one would write it. The signs $\odot$ and $\oslash$ multiply and divide entry by entry, and so does $e$ to a matrix;
# $\mathbf{1}_m$ is a column of $m$ ones, which repeats or sums.)

# %% tags=["remove-input"]
pairs = [
    (network.forward_Z1, chapter.Z1_as_rows),
    (network.forward_A1, chapter.A1_as_rows),
    (network.forward_Z2, chapter.Z2_as_rows),
    (network.forward_P, chapter.P_as_rows),
    (network.backward_dZ2, chapter.dZ2_as_rows),
    (network.backward_dW2, chapter.dW2_as_rows),
    (network.backward_db2, chapter.db2_as_rows),
    (network.backward_dA1, chapter.dA1_as_rows),
    (network.backward_dZ1, chapter.dZ1_as_rows),
    (network.backward_dW1, chapter.dW1_as_rows),
    (network.backward_db1, chapter.db1_as_rows),
]


def plain_names(line):
    return line.replace("_rows", "")


Markdown(
    "| examples as columns | examples as rows |\n| --- | --- |\n"
    + "\n".join(
        f"| ${columns.matrix_latex}$<br>`{columns.numpy}` | ${rows.prove().matrix_latex}$<br>`{plain_names(rows.numpy)}` |"
        for columns, rows in pairs
    )
)

# %% [markdown]
# Three things are worth remembering:
#
# - The factors change places, and with them the transpose: `dZ2 @ A1.T` becomes `A1.T @ dZ2`, `W2.T @ dZ2` becomes `dZ2 @ W2.T`.
# - The axes change places: softmax adds up over the classes, `axis=0` here and `axis=1` with rows; the bias's gradient adds up over the examples, `axis=1` here and `axis=0` with rows.
# - The factor $1/m$, the mask and the penalty stay.

# %% [markdown] tags=["question"]
# With examples as rows, $X$ is $m \times n$. What shape does `W1` have there?
#
# - [x] `(n, h)`
#   `X @ W1` takes $n$ numbers an example to $h$.
# - [ ] `(h, n)`
#   That is the shape with columns. With rows everything is transposed, the weights too.
# - [ ] `(m, h)`
#   That is `Z1`. Weights don't know how many examples there are.

# %% [markdown] tags=["question"]
# Over which axis is the bias's gradient summed, with examples as rows?
#
# - [x] `axis=0`
#   It adds up over the examples, and they are along the first axis here.
# - [ ] `axis=1`
#   That is with columns. Here it would add up over the units.

# %% [markdown]
# ## In code
#
# The lines of the right side, run as they stand in the table, on the transposed arrays. They give the transposes of what `netcode` computes:

# %%
import numpy as np

import netcode

random = np.random.default_rng(0)
n, m, h, C = 3, 7, 5, 4
shapes = (h, n), (h, 1), (C, h), (C, 1)
parameters = netcode.Parameters(*[random.normal(size=shape) for shape in shapes])
X, Y = random.normal(size=(n, m)), netcode.one_hot(random.integers(C, size=m), C)
lam = 0.1
forward = netcode.forward(X, parameters)
backward = netcode.backward(X, Y, parameters, forward, lam)

given = {"X": X, "Y": Y} | parameters._asdict()
as_rows = {name: array.T for name, array in given.items()}
as_rows |= {"np": np, "m": m, "lam": lam}
for _, rows in pairs:
    exec(plain_names(rows.numpy), as_rows)

for name, expected in (forward._asdict() | backward._asdict()).items():
    assert as_rows[name].shape == expected.T.shape
    difference = np.abs(as_rows[name] - expected.T).max()
    print(f"{name}: {as_rows[name].shape}, largest difference {difference:.0e}")

# %% [markdown]
# ## Why columns inside?
#
# With columns the code is the formula: `W1 @ X + b1` is $W^{[1]} X + b^{[1]}$, and the reader of the one has read the other. It also
# happens to be faster for small networks. An array lies in memory row by row. Softmax adds up over the classes, and with columns
# the numbers that are added together for all examples at once lie side by side.
#
# Where data come in, they are rows: `netcode.Classifier.fit(X, y)` takes examples as rows, as scikit-learn does, and
# transposes once. That costs nothing: NumPy's `.T` copies no number, it only reads the same memory in the other order.
#
# ## Exercises
#
# **1.** With examples as rows, a third layer has the scores $\widetilde{Z}^{[3]} = \widetilde{A}^{[2]}\,\widetilde{W}^{[3]} + \widetilde{b}^{[3]}$. Write the lines for `dW3`, `db3` and `dA2`, with $\lambda$.

# %% tags=["solution"]
# The same as for the second layer, with other numbers: in its lines, count up.
second = chapter.dW2_as_rows, chapter.db2_as_rows, chapter.dA1_as_rows
lines = [plain_names(rows.numpy) for rows in second]
third = [line.replace("2", "3").replace("A1", "A2") for line in lines]
assert third == [
    "dW3 = A2.T @ dZ3 + lam * W3",
    "db3 = dZ3.sum(axis=0, keepdims=True)",
    "dA2 = dZ3 @ W3.T",
]
print("\n".join(third))

# %% [markdown]
# **2.** Someone passes data with examples as rows to `netcode.forward`. When is there an error, and when not?

# %% tags=["solution"]
rows_of_data = random.normal(size=(7, 3))  # 7 examples of 3 features
try:
    netcode.forward(rows_of_data, parameters)
except ValueError:
    print("7 examples of 3 features: an error, W1 has 3 columns and the data 7 rows")
else:
    raise AssertionError("expected an error")

square = random.normal(size=(3, 3))  # as many examples as features: all shapes fit
wrong = netcode.forward(square, parameters).P
right = netcode.forward(square.T, parameters).P
assert wrong.shape == right.shape
assert not np.allclose(wrong, right)
print("3 examples of 3 features: no error, and all probabilities wrong")

# %% [markdown]
# **3.** `P.sum(axis=0)` with columns adds up to 1 for each example. Someone translates the code to rows and forgets this axis in
# softmax. What adds up to 1 then, and does training notice?

# %% tags=["solution"]
scores = as_rows["Z2"]  # (m, C)
forgotten = np.exp(scores) / np.exp(scores).sum(axis=0, keepdims=True)
assert np.allclose(forgotten.sum(axis=0), 1)  # over the examples, for each class
assert not np.allclose(forgotten.sum(axis=1), 1)
# All shapes fit, so nothing stops: the loss is a number, and may even fall. Only a look
# at the sums, or a gradient check, tells.
assert forgotten.shape == as_rows["P"].shape
print("the probabilities of the first example add up to", forgotten[0].sum().round(3))

# %% [markdown]
# Next: [derive the backward pass of a formula of your own](derive.py).
