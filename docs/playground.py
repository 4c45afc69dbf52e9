# %% [markdown]
# # Playground
#
# <p class="lede" markdown="span">A network learns to tell points in the plane apart. Press Play and watch it, or go one update at a
# time; change the data, the layers, the learning rate, and watch what that does.</p>

# %% tags=["remove-input"]
import json

import numpy as np
from IPython.display import HTML

from netcode import data, plot
from netcode.training.observed_training import ObservedTraining

settings = {
    "data": "spiral",
    "classes": 3,
    "points": 100,
    "noise": 0.2,
    "hidden": [25],
    "learning_rate": 1.0,
    "lam": 0.001,
    "updates": 1000,
    "seed": 0,
}

rows, y = data.spiral(*[settings[k] for k in ("points", "classes", "noise", "seed")])
chosen = ("hidden", "learning_rate", "lam", "updates", "seed")
training = ObservedTraining(rows, y, **{name: settings[name] for name in chosen})
training.advance(settings["updates"])
seen = training.observe(layer=1)

REACH, SIDE, PLACES = 1.3, 240, 120  # of the plane; of its drawing; along each side
SHAPES = {
    "dots": "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
    "triangles": "m0-3.6l3.4 6h-6.8z",
    "diamonds": "m0-3.8l3.6 3.8-3.6 3.8-3.6-3.8z",
    "squares": "m-2.7-2.7h5.4v5.4h-5.4z",
    "crosses": "m-1.1-3.2h2.2v2.1h2.1v2.2h-2.1v2.1h-2.2v-2.1h-2.1v-2.2h2.1z",
}


def drawn_points(k):
    places = np.rint(SIDE / 2 * (1 + rows[y == k] * [1, -1] / REACH)).astype(int)
    return "".join(f"M{x} {up}{list(SHAPES.values())[k]}" for x, up in places)


def drawn_region(k, grid):
    """Of each row of places, from the top, the stretches that get class k."""
    path, width = [], SIDE // PLACES
    for row, places in enumerate(grid[::-1] == k):
        edges = np.flatnonzero(np.diff(places, prepend=False, append=False))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            length = (end - start) * width
            path.append(f"M{start * width} {row * width}h{length}v{width}h-{length}z")
    return "".join(path)


grid = training.regions(REACH, PLACES)
regions = "".join(
    f'<path d="{drawn_region(k, grid)}" fill="{plot.COLORS[k]}"/>' for k in range(3)
)
points = "".join(
    f'<path d="{drawn_points(k)}" fill="{plot.COLORS[k]}"/>' for k in range(3)
)
said = (
    f"After {seen['update']:,} updates: loss {seen['loss']:.4f}, "
    f"{seen['right']:.1%} of {len(rows)} points right."
)
(units,) = settings["hidden"]
made = (
    f"Made when this page was built: a spiral of {settings['classes']} arms with {settings['points']} points each and "
    f"noise {settings['noise']}, one hidden layer of {units} units, learning rate {settings['learning_rate']:g}, "
    f"λ = {settings['lam']:g}, seed {settings['seed']}."
)
alternative = (
    "The plane in the colours of the three classes that the network gives to its places. Three regions wind around the "
    "middle, each along an arm of the spiral, whose points lie in it: dots, triangles and diamonds."
)
about = {
    "settings": settings,
    "reach": REACH,
    "colors": plot.COLORS[: len(SHAPES)],
    "shapes": list(SHAPES.items()),
}
attribute = json.dumps(about).replace("&", "&amp;").replace('"', "&quot;")
HTML(
    f'<training-playground data-about="{attribute}"><div class="stage"><figure class="plane" data-search-exclude>'
    f'<div class="sheet"><svg viewBox="0 0 {SIDE} {SIDE}" role="img" aria-label="{alternative}">'
    f'<g class="regions">{regions}</g><g class="points">{points}</g></svg></div>'
    f'<figcaption><span class="now">{said}</span> <span class="of">{made}</span></figcaption>'
    '</figure><div class="side"><p>The controls need JavaScript.</p></div></div></training-playground>'
)

# %% [markdown]
# <div><script type="module" src="../javascripts/playground/playground.js"></script></div>
#
# The training runs in your browser, and nothing that you do here leaves your computer. The address of this page holds the settings after
# its `#`: send it to somebody, and they see what you see. Each change but that of the last
# update starts the training again, from random weights that depend on the seed alone. The plane is coloured by the class that the network gives to each place; a point is right where its colour is the
# ground's.
#
# ## Some things to try
#
# - <span data-settings="data=spiral&amp;hidden=">No hidden layer</span>: how far do straight lines get? Then how few hidden units are enough for the spiral?
# - <span data-settings="data=spiral&amp;hidden=8,8">Two small layers</span> against one large one: which has fewer weights, which learns sooner?
# - Take a learning rate of <span data-settings="data=spiral&amp;learning_rate=10">10</span>, then of <span data-settings="data=spiral&amp;learning_rate=100">100</span>. What does the loss do?
# - Raise λ to <span data-settings="data=spiral&amp;lam=0.1">0.1</span>. What happens to the borders, and to the weights?
# - Raise the noise until no network can be right everywhere. Does a <span data-settings="data=moons&amp;classes=2&amp;noise=0.8&amp;hidden=64,64&amp;lam=0">large one without a penalty</span>
#   still try?
# - The spiral's arms all begin at the very same place. How many points can be right at most?
#
# ## The same in Python
#
# These are the steps that each update makes, with the formulas of [any depth](any-depth.py). The list `hidden` has the number of units of
# each hidden layer; the other names are those of [the training loop](training.py).

# %%
from netcode import deep_network, one_hot

hidden, learning_rate, lam, updates = [25], 1.0, 0.001, 1000

X, Y = rows.T, one_hot(y, 3)
parameters = deep_network.initialize((2, *hidden, 3), seed=0)
for _ in range(updates):
    forward = deep_network.forward(X, parameters)
    gradient = deep_network.backward(X, Y, parameters, forward, lam).gradient
    parameters = deep_network.update(parameters, gradient, learning_rate)

forward = deep_network.forward(X, parameters)
scores = forward.Z[parameters.depth]
loss = deep_network.loss(scores, Y, parameters, lam)
right = np.mean(forward.P.argmax(axis=0) == y)
print(
    f"After {updates:,} updates: loss {loss:.4f}, {right:.1%} of {y.size} points right."
)
