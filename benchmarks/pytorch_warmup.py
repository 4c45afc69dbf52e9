"""Renew the numbers of PyTorch that the warm-up shows: python -m benchmarks.pytorch_warmup, where it is installed."""

from __future__ import annotations

import json

from derivations.checking.pytorch_warmup import FILE, PyTorchWarmup, in_pytorch, recorded
from netcode.files import atomic_write


def written(warmup: PyTorchWarmup) -> str:
    """The file's text: a line for each name."""
    lines = (f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in warmup.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Ask PyTorch about the recorded network, and record what it gives."""
    last = recorded()
    new = in_pytorch(last["x"], last["label"], last["W1"], last["W2"])
    with atomic_write(FILE) as file:
        file.write(written(new).encode())
    print(f"{FILE.name}: PyTorch {new['version']}, before {last['version']}")


if __name__ == "__main__":
    main()
