# %% [markdown]
# # Checking gradients
#
# A gradient can be compared with numbers.


# %%
import netcode
from netcode import data

rows, y = data.spiral()
X, Y = rows.T, netcode.one_hot(y, 3)
start = netcode.initialize(2, 25, 3, seed=0)
at_start = netcode.forward(X, start)
print(netcode.check_gradient(X, Y, start, netcode.backward(X, Y, start, at_start, 1e-3), 1e-3))
