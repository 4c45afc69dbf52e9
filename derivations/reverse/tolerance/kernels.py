"""What a kernel computes in and what it stores in fewer bits; and the kinds of kernels that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from derivations.reverse.errors import FormulaError
from derivations.reverse.tolerance.formats import FORMATS, Format, format_of

__all__ = ["KERNELS", "Kernel", "kernel_of"]

Stored = Mapping[str, object]


@dataclass(frozen=True)
class Kernel:
    """Gradients come back in `dtype`, sums are added up in `accumulate`, and the names in `stored` are rounded."""

    dtype: Format
    accumulate: Format
    stored: Mapping[str, Format] = field(default_factory=dict)
    roundings: float = 8
    """How many roundings of the accumulating format, relative to S, are allowed for."""

    @classmethod
    def of(cls, dtype: object, accumulate: object = None, stored: Stored | None = None) -> Kernel:
        """From the formats' names; sums are added up in float32, or in `dtype` if that has more digits.

        >>> Kernel.of("bfloat16", stored={"P": "bfloat16"}).accumulate.name
        'float32'

        Raises FormulaError if there is no such format.
        """
        out = format_of(dtype)
        adder = format_of(accumulate) if accumulate is not None else max(out, FORMATS["float32"], key=_digits)
        return cls(out, adder, {name: format_of(form) for name, form in (stored or {}).items()})


def _digits(form: Format) -> int:
    return form.digits


@dataclass(frozen=True)
class _Known:
    stores: tuple[str, ...] = ()
    roundings: float = 8


KERNELS: Mapping[str, _Known] = {
    "torch affine": _Known(),
    "torch layer_norm": _Known(),
    "torch rms_norm": _Known(),
    "torch gelu": _Known(),
    "torch silu": _Known(),
    "torch softmax": _Known(("P",)),
    "torch cross_entropy": _Known(("P",), roundings=16),
    "torch attention": _Known(("P", "dS")),
    "torch embedding": _Known(("dE",)),
}
"""By kind: the names, as the book of layers has them, that are stored in the format of the results. Measured with
PyTorch 2.11 on an H200. Its affine layers keep all else in float32 once their reduced-precision reductions are off
(`torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False`). On a processor, PyTorch 2.14 keeps to
them as well, but for layer normalization, whose mean, deviation and sums over examples it stores in the format."""


def kernel_of(known: str) -> Kernel:
    """One of the known kinds in a format.

    >>> sorted(kernel_of("torch attention, bfloat16").stored)
    ['P', 'dS']

    Raises FormulaError, which lists the kinds, if there is none such.
    """
    kind, _, dtype = (part.strip() for part in known.partition(","))
    if kind not in KERNELS or not dtype:
        kinds = ", ".join(KERNELS)
        raise FormulaError(f"there is no kernel {known!r}; expected 'KIND, FORMAT', such as 'torch softmax, bfloat16'; "
                           f"the kinds are {kinds}")  # fmt: skip
    form = format_of(dtype)
    half = form.digits < FORMATS["float32"].digits
    stored = dict.fromkeys(KERNELS[kind].stores, form) if half else {}
    return Kernel(form, max(form, FORMATS["float32"], key=_digits), stored, KERNELS[kind].roundings)
