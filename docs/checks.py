# %% [markdown]
# # Checks
#
# Before this site was built, the program checked everything that it claims: each line of each derivation, each error that
# it calls an error, and each function of the training code that a formula speaks of. This page is the report of that
# build. At its end you will know what was found for each single claim, at which sizes, how exactly, and in what time.

# %% tags=["remove-input"]
from collections import Counter
from html import escape
from itertools import groupby

from IPython.display import HTML, Markdown, display

from derivations.checking import current_report

report = current_report()
claims, environment = report["claims"], report["environment"]
found = Counter(claim["verdict"] for claim in claims)
Markdown(
    f"{len(claims)} claims: **{found['proven']} proven**, **{found['cross-checked']} cross-checked**, "
    f"**{found['refuted']} refuted as expected**, {found['undecided']} undecided."
)

# %% tags=["remove-input"]
seconds = sum(claim["seconds"] for claim in claims)
HTML(
    f"<p data-search-exclude>Deciding them took {seconds:.1f} s, with Python {environment['python']}, "
    f"SymPy {environment['sympy']} and NumPy {environment['numpy']}, on {environment['platform']}.</p>"
)

# %% [markdown]
# The same report, with all counterexamples, is a file: <a href="../checks.json" download>checks.json</a>. The claims of
# the [book of layers](layers/index.md) are in one of their own: <a href="../layers/checks.json" download>layers/checks.json</a>.
# Whoever has a copy of this project checks the chapters in some seconds, and the book in a minute or two:
#
# ```sh
# make check
# .venv/bin/python -m derivations.book /tmp/book
# ```
#
# ## How to read it
#
# - *Proven*: both sides were brought to the same form by rules that hold for all numbers and all sizes. If a rule divides by
#   something that may be 0, or takes its root or logarithm, the condition is stated: *provided that*.
# - The *second way* shares nothing with these rules. It computes both sides at random points modulo large primes, exactly and
#   without a tolerance, at every combination of the sizes 1 and 2. Where that can't be done it says why, and computes in 100
#   digits. A third look, in floating-point numbers at the sizes stated, has the largest error beside it. Where the three ways
#   disagree, nothing is proven.
# - *Cross-checked*: compared in numbers only, at the sizes stated. The training code computes in floating-point numbers,
#   which round, so this is all that can be said of it.
# - *Refuted*: numbers were found for which the two sides differ, or sizes for which their shapes do. Only the errors that this
#   site collects may be refuted, and each of them must be.
# - *Undecided*: neither. If one claim were undecided, there would be no site.
#
# An error counts as none up to the *tolerance*. Each source line leads to the place where the claim is made.

# %% tags=["remove-input"]
titles = {
    "errata": "Errors that are often made",
    "netcode": "The training code",
    "relu": "ReLU",
    "rows": "Examples as rows",
    "softmax_cross_entropy": "Softmax and cross-entropy",
    "stable_loss": "A loss that neither overflows nor cancels",
}
columns = (
    "claim",
    "verdict",
    "second way",
    "sizes",
    "largest error",
    "tolerance",
    "seconds",
    "source",
)


def number(value):
    return "" if value is None else "0" if value == 0 else f"{value:.1e}"


def row(claim):
    sizes = ", ".join(
        f"{name} = {size}"
        for name, size in sorted((claim["sizes"] or {}).items())
        if name.isalpha()
    )
    provided = escape(", ".join(claim["provided"]))
    condition = f", provided that {provided}" if provided else ""
    file, line = claim["source"].split(":")
    address = f"../source/{file.removesuffix('.py')}/#L{line}"
    cells = [
        escape(claim["id"].partition(".")[2]),
        f'<span class="verdict {claim["verdict"]}">{claim["verdict"]}</span>{condition}',
        escape(claim["witness"]),
        sizes,
        number(claim["max_error"]),
        number(claim["tolerance"]),
        f"{claim['seconds']:.2f}",
        f'<a href="{address}">{escape(claim["source"].partition("/")[2])}</a>',
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def table(claims):
    head = "".join(f'<th scope="col">{name}</th>' for name in columns)
    rows = "".join(map(row, claims))
    return HTML(
        f'<div class="claims" data-search-exclude><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def chapter(claim):
    return claim["id"].partition(".")[0]


for name, group in groupby(sorted(claims, key=chapter), key=chapter):
    title = titles.get(name, name.replace("_", " ").capitalize())
    display(Markdown(f"## {title}"), table(list(group)))
