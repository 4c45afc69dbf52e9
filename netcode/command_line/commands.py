"""The commands that judge gradients. Each takes the parsed arguments and returns the exit status."""

from __future__ import annotations

from argparse import Namespace

import numpy as np

from netcode.command_line.progress import waiting
from netcode.command_line.task import options, task_of
from netcode.command_line.terminal import print_table, sizes
from netcode.command_line.user_function import Request, diagnose_file
from netcode.data import Schema, load, load_table
from netcode.deep_network import backward, forward
from netcode.diagnosis.architecture import Point
from netcode.gradients.gradient_check import check_gradient as compared_with
from netcode.gradients.numeric import central_differences, complex_step


def check_gradient(arguments: Namespace) -> int:
    """Print how the gradient at random weights compares with numeric ones. Returns 0 if it is right, else 1."""
    table = load_table(arguments.data, options(arguments))
    assert table.y is not None  # a table to learn from has labels
    rows, y = table.X, table.y
    chosen = np.sort(np.random.default_rng(arguments.seed).permutation(len(y))[: arguments.examples])
    X, Y, model = task_of(rows, y, table.schema, arguments)
    X, Y = X[:, chosen], Y[:, chosen]
    parameters = model.parameters
    gradients = backward(X, Y, parameters, forward(X, parameters), arguments.lam)
    with waiting("Differentiating numerically ..."):
        checks = [
            compared_with(X, Y, parameters, gradients, arguments.lam, method)
            for method in (central_differences, complex_step)
        ]
    print_table(
        {
            "data": f"{arguments.data}: {len(chosen):,} of {len(y):,} examples",
            "network": f"{sizes(model)}; random weights, L2 strength {arguments.lam:g}",
        }
    )
    print("\n            entries   largest error   tolerance   normwise error   at kinks")
    for check in checks:
        print(check.method)
        for part in check.checks:
            entries = getattr(parameters, part.name.removeprefix("d")).size
            verdict = f"wrong: {part.problem}" if part.problem else "right"
            print(
                f"  {part.name:<6}{entries:>11,}{part.error:>16.1e}{part.tolerance:>12.1e}{part.normwise:>17.1e}"
                f"{part.kinks:>11,}   {verdict}"
            )
    if any(check.kinks for check in checks):
        print(
            "\nAt a kink of ReLU (a preactivation is 0, or changes its sign within the step) the slope of the side on\n"
            "which the point lies was taken; a preactivation of exactly 0 counts as not active."
        )
    right = all(check.ok for check in checks)
    print(f"\nThe gradient is {'right' if right else 'wrong'}.")
    return 0 if right else 1


def diagnose(arguments: Namespace) -> int:
    """Print what is wrong with a function's gradients. Returns 0 if they are right, else 1."""
    point = None
    if arguments.data:
        rows, y = load(arguments.data)
        settings = Namespace(data=arguments.data, hidden=(25,), lam=1e-3, seed=0, standardize=None)
        X, Y, model = task_of(rows, y, Schema.plain(rows.shape[1]), settings)
        point = Point(X, Y, model.parameters._asdict(), settings.lam)
    with waiting(f"Asking {arguments.file} ..."):
        request = Request(arguments.file, arguments.function, arguments.rows, point, dict(arguments.name))
        diagnosis = diagnose_file(request, arguments.timeout)
    print(diagnosis._replace(site=arguments.site))
    return 0 if diagnosis.ok else 1
