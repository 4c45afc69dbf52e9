"""What a derived layer says of somebody's own backward pass: what is wrong with it, and how far it may be off."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy.typing as npt

from derivations.reverse.diagnosis import Function, LayerDiagnosis, Subject, diagnose
from derivations.reverse.errors import FormulaError
from derivations.reverse.tolerance import Formulas, Kernel, LayerCheck, check, kernel_of, measured

__all__ = ["Judged"]

Backward = Function | tuple[Function, Function]
"""A backward pass, or a pair: the forward pass and the backward pass, which takes what the other saves."""


class Judged:
    """The part of a layer that judges the functions of others."""

    name: str

    @property
    @abstractmethod
    def _subject(self) -> Subject: ...

    @property
    @abstractmethod
    def _formulas(self) -> Formulas: ...

    def diagnose(self, backward: Backward) -> LayerDiagnosis:
        """What is wrong with somebody's backward pass of this layer; a pair is its forward and its backward function.

        The parameters are known by the layer's names (`dY`, `X`, `gamma`, `xh`); `saved` is what `forward` returns
        last. The gradients may come as a tuple in the order of `wrt`, or as a dict.
        """
        return diagnose(self._subject, backward)

    def tolerance(
        self,
        inputs: Mapping[str, npt.ArrayLike],
        dtype: object = None,
        accumulate: object = None,
        stored: Mapping[str, object] | None = None,
        kernel: str = "",
    ) -> dict[str, npt.NDArray[Any]]:
        """How far each entry of each gradient may be off, for a kernel that computes in few bits.

        `inputs` are those of the layer and the gradients of its outputs, such as dY. The kernel returns `dtype`
        (float32), adds up in `accumulate` (float32, unless `dtype` has more digits), and rounds the names in `stored`,
        {"P": "bfloat16"}. Or `kernel` is one of the known kinds, "torch softmax, bfloat16". What the bound is made of
        is said in `derivations.reverse.tolerance`.

        >>> from derivations import derive
        >>> layer = derive("A[i] = tanh(z[i])", wrt="z")
        >>> bound = layer.tolerance({"z": [0.0, 2.0], "dA": [1.0, 1.0]}, dtype="bfloat16")["dz"]
        >>> (bound / [1, 0.0707]).round(4).tolist()
        [0.0039, 0.0039]

        Raises FormulaError if the inputs, the formats or what is stored don't fit.
        """
        return measured(self._formulas, inputs).tolerance(_kernel(dtype, accumulate, stored, kernel))

    def check(
        self,
        backward: Backward,
        dtype: object = None,
        accumulate: object = None,
        stored: Mapping[str, object] | None = None,
        kernel: str = "",
        inputs: Mapping[str, npt.ArrayLike] | None = None,
        convert: Callable[[Any], Any] | None = None,
    ) -> LayerCheck:
        """Whether somebody's backward pass is right, as far as its formats allow; and if not, what is wrong with it.

        Each entry is held against `tolerance`, at three places of distinct sizes or at `inputs`. The function is handed
        NumPy arrays by the layer's names, as for `diagnose`: of float32, with numbers that the kernel's formats have.
        `convert` makes of each what the function takes, such as a tensor on a device.

        >>> from derivations import derive
        >>> layer = derive("A[i] = tanh(z[i])", wrt="z")
        >>> layer.check(lambda dA, A: dA * (1 - A * A), dtype="float16").is_right
        True
        """
        made = _kernel(dtype, accumulate, stored, kernel)
        return check(self._subject, self._formulas, backward, made, inputs, convert)

    def assert_gradient(self, backward: Backward, dtype: object = None, **options: Any) -> None:
        """For a test: AssertionError, with what is wrong, unless every gradient is right.

        With a `dtype` or a `kernel`, each entry is held against its tolerance, as `check` does with these options.

        >>> from derivations import derive
        >>> layer = derive("A[i] = tanh(z[i])", wrt="z")
        >>> layer.assert_gradient(lambda dA, A: dA * (1 - A**2))
        """
        exact = dtype is None and not options
        found = self.diagnose(backward) if exact else self.check(backward, dtype, **options)
        if not found.is_right:
            raise AssertionError(f"{self.name}: {found}")


def _kernel(dtype: object, accumulate: object, stored: Mapping[str, object] | None, kernel: str) -> Kernel:
    if not kernel:
        return Kernel.of(dtype or "float32", accumulate, stored)
    if dtype is not None or accumulate is not None or stored is not None:
        raise FormulaError(f"kernel: {kernel!r} says its formats itself; leave out dtype, accumulate and stored")
    return kernel_of(kernel)
