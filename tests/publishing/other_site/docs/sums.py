# %% [markdown]
# # Sums of angles
#
# The sine of a sum:

# %%
from waves import identities

identities.SINE

# %% [markdown]
# At two angles:

# %%
print(identities.SINE.sides(1, 2))
