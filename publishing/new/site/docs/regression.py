# %% [markdown]
# # A straight line
#
# A model that predicts a number: the $n$ features of an example $X$, weighted and added up. Its loss is the mean, over $m$
# examples, of the squared difference from the targets $y$.
#
# The gradient of that, step by step. Open the line below the formula to see how each step was checked.

# %%
from course import regression

regression.gradient.prove()

# %% [markdown]
# As a line of NumPy, which was run and compared with the formula:

# %%
print(regression.gradient.numpy)

# %% [markdown]
# And in numbers, for two features of three examples. Press *Run*, change them, run again:

# %%
import numpy as np

X = np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]])  # 2 x 3
y = np.array([[2.0, 4.0, 6.0]])
w = np.zeros((2, 1))
for _ in range(500):
    P = w.T @ X
    w -= 0.1 * (2 * (P - y) * X).mean(axis=1, keepdims=True)
print(w.T.round(3))
