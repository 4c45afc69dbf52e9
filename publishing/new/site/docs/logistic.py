# %% [markdown]
# # Yes or no
#
# One unit with the sigmoid, and the mean cross-entropy as its loss. Only the forward pass was written down; what follows was
# derived from it, proven for all sizes, and compared with code.

# %%
from course import logistic

logistic.unit.step("dz").prove()

# %% [markdown]
# Prediction minus target, over the number of examples. From there it is one product to the weights:

# %%
logistic.unit.step("dw").prove()

# %% [markdown]
# The code of both passes, as it was compared with the formulas:

# %%
print(logistic.unit.numpy)
