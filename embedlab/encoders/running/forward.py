"""Running a transformer on one batch: token ids in, pooled vectors out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from embedlab.device import is_out_of_memory
from embedlab.encoders.running.attention import run_with_attention, watch_attention
from embedlab.errors import InvalidInputError
from embedlab.pooling import Modules, TokenStates

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor
    from transformers import PreTrainedModel

    from embedlab.encoders.running.batches import Batch

Key = TypeVar("Key")
Pooled = dict[Key, "NDArray[np.float32]"]
ReadOut = Callable[[TokenStates], dict[Key, "Tensor"]]

# Tokens a batch holds, padding included: large enough to fill the cores, small enough to stay in their caches.
_CPU_TOKENS = 2048
# On a GPU more tokens than this make nothing faster; fewer are taken where memory is short.
_GPU_TOKENS = {"mps": 16_384, "cuda": 131_072}
# Rough memory of one token under way: some thirty float32 numbers for each of the hidden dimensions.
_BYTES_A_DIMENSION = 128


class Forward(Protocol):
    """One way to run a transformer.

    Attributes
    ----------
    backend, precision : str
        The library and the arithmetic that are used.
    token_budget : int
        Tokens a batch should hold, padding included.
    few_widths : bool
        Whether batches should be of few widths, because each shape costs something.
    depth : int
        Batches that should be under way at the same time.
    nbytes : int
        Memory the weights take.
    """

    backend: str
    precision: str
    token_budget: int
    few_widths: bool
    depth: int
    nbytes: int

    def start(
        self, batch: Batch, layers: frozenset[int], needs_attention: bool, read_out: ReadOut[Key]
    ) -> Callable[[], Pooled[Key]]:
        """Start a batch and return a function that waits for it and gives what ``read_out`` made of it.

        Only one thread may be at it at a time, and every function returned has to be called once.
        """

    def release_memory(self) -> None:
        """Give back what is kept between batches; called where none is under way."""


class TorchForward:
    """A transformer run by torch, on any device and with any model: what every other way is held against.

    Parameters
    ----------
    transformer : transformers.PreTrainedModel
        On the device.
    modules : Modules
        What stands behind it.
    device : str
    precision : str, default="float32"
        A floating-point type of torch.
    rounds_weights : bool, default=False
        Whether the weights are held in this precision, too, and nothing is computed in float32 but what torch itself
        sums up in it. Otherwise torch rounds them for each product and leaves norms and softmax in float32.
    """

    backend = "torch"
    few_widths = False

    def __init__(
        self,
        transformer: PreTrainedModel,
        modules: Modules,
        device: str,
        precision: str = "float32",
        *,
        rounds_weights: bool = False,
    ) -> None:
        import torch

        self.device, self.precision = device, precision
        if rounds_weights:
            transformer = copy.deepcopy(transformer).to(getattr(torch, precision))
        self._rounds_products = precision != "float32" and not rounds_weights
        self.nbytes = sum(weights.numel() * weights.element_size() for weights in transformer.parameters())
        self._transformer, self._n_layers = transformer.eval(), modules.n_layers
        self._takes_token_types = modules.takes_token_types
        watch_attention(transformer)
        self.token_budget = _token_budget(device, modules.hidden_size)
        # A GPU works on by itself: the next batch is sent before the last result is waited for.
        self.depth = 1 if device == "cpu" else 2

    def start(
        self, batch: Batch, layers: frozenset[int], needs_attention: bool, read_out: ReadOut[Key]
    ) -> Callable[[], Pooled[Key]]:
        """Run a batch, in halves where it does not fit into memory; see :class:`Forward`.

        Raises
        ------
        InvalidInputError
            When a single text does not fit into the memory of the device.
        """
        if batch.input_ids.size > self.token_budget and len(batch.rows) > 1:
            return self._start_halves(batch, layers, needs_attention, read_out)
        try:
            result = self._fetch(read_out(self._forward(batch, layers, needs_attention)))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            result = None
        # Outside the except block, because an exception keeps the tensors of its frames alive.
        return self._retry(batch, layers, needs_attention, read_out) if result is None else result

    def release_memory(self) -> None:
        """Do nothing: torch gives memory back by itself, and on a GPU keeps what the next batch will need."""

    def _retry(
        self, batch: Batch, layers: frozenset[int], needs_attention: bool, read_out: ReadOut[Key]
    ) -> Callable[[], Pooled[Key]]:
        import torch

        if len(batch.rows) == 1:
            raise InvalidInputError(
                f"A text of {batch.input_ids.shape[1]:,} tokens does not fit into the memory of the device "
                f"{self.device}. Close what else uses it, or choose device='cpu' or a smaller model."
            )
        if self.device == "cuda":
            torch.cuda.empty_cache()
        # Remembered: a size that failed once would fail again.
        self.token_budget = batch.input_ids.size // 2
        return self._start_halves(batch, layers, needs_attention, read_out)

    def _start_halves(
        self, batch: Batch, layers: frozenset[int], needs_attention: bool, read_out: ReadOut[Key]
    ) -> Callable[[], Pooled[Key]]:
        first, second = (self.start(half, layers, needs_attention, read_out) for half in batch.halves())

        def joined() -> Pooled[Key]:
            ahead, behind = first(), second()
            return {key: np.concatenate([ahead[key], behind[key]]) for key in ahead}

        return joined

    def _forward(self, batch: Batch, layers: frozenset[int], needs_attention: bool) -> TokenStates:
        import torch

        width = batch.input_ids.shape[1]
        # Made where it is needed, from one number a text.
        mask = (torch.arange(width, device=self.device) < self._send(batch.lengths)[:, None]).long()
        inputs = {"input_ids": self._send(batch.input_ids), "attention_mask": mask}
        if self._takes_token_types:
            types = batch.type_ids
            inputs["token_type_ids"] = torch.zeros_like(mask) if types is None else self._send(types)
        dtype = getattr(torch, self.precision)
        wants_layers = any(layer != self._n_layers for layer in layers)
        attention = None
        with (
            torch.inference_mode(),
            torch.autocast(self.device, dtype=dtype, enabled=self._rounds_products),
            _ready_kernels(self.device),
        ):
            if needs_attention:
                output, attention = run_with_attention(self._transformer, inputs, output_hidden_states=wants_layers)
            else:
                if width == batch.lengths.min() and self.device != "cpu":
                    del inputs["attention_mask"]  # without one the fastest kernel does
                output = self._transformer(**inputs, output_hidden_states=wants_layers)
        last = self._n_layers
        states = {layer: output.last_hidden_state if layer == last else output.hidden_states[layer] for layer in layers}
        return TokenStates(mask, states, attention)

    def _send(self, values: NDArray[np.int64]) -> Tensor:
        import torch

        tensor = torch.from_numpy(values)
        return tensor.pin_memory().to("cuda", non_blocking=True) if self.device == "cuda" else tensor.to(self.device)

    def _fetch(self, pooled: dict[Key, Tensor]) -> Callable[[], Pooled[Key]]:
        """Start to copy results to the processor, and return what waits for them.

        On CUDA the copy follows its own batch. Asked for later it would wait for the next batch, too, and the GPU would
        idle while that result is dealt with.
        """
        import torch

        if self.device != "cuda":
            return lambda: {key: vectors.cpu().numpy() for key, vectors in pooled.items()}
        copies = {key: torch.empty_like(vectors, device="cpu", pin_memory=True) for key, vectors in pooled.items()}
        for key, vectors in pooled.items():
            copies[key].copy_(vectors, non_blocking=True)
        copied = torch.cuda.Event()
        copied.record()

        def result() -> Pooled[Key]:
            copied.synchronize()
            return {key: vectors.numpy() for key, vectors in copies.items()}

        return result


def _ready_kernels(device: str) -> AbstractContextManager[object]:
    """Keep attention on CUDA to kernels ready for any shape: cuDNN makes a plan for each, some 60 ms a batch."""
    if device != "cuda":
        return nullcontext()
    from torch.nn.attention import SDPBackend, sdpa_kernel

    return sdpa_kernel([SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH])


def _token_budget(device: str, hidden_size: int) -> int:
    import torch

    if device == "cpu":
        return _CPU_TOKENS
    if device == "mps":
        return _GPU_TOKENS["mps"]
    free, _ = torch.cuda.mem_get_info()
    return max(_CPU_TOKENS, min(_GPU_TOKENS["cuda"], free // 2 // (_BYTES_A_DIMENSION * hidden_size)))
