"""Running a transformer with OpenVINO: several batches at once, each on cores of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.encoders.running.conversion import import_openvino, input_names, inputs_of
from embedlab.encoders.running.forward import Key, Pooled, ReadOut
from embedlab.errors import InvalidInputError
from embedlab.pooling import Modules, TokenStates

if TYPE_CHECKING:
    from openvino import InferRequest
    from torch import Tensor

    from embedlab.encoders.running.batches import Batch

# Tokens of a batch. A query waits for the batches under way: in float32 on two cores with AVX2 they take 0.6 s at 1,024
# tokens and 0.15 s at 256, which encodes short texts nearly as fast (270 a second, not 280).
_TOKENS = {"float32": 256, "bfloat16": 1024, "int8": 512}
# The names by which OpenVINO knows what torch calls otherwise; int8 models do the rest of their sums in float32.
HINTS = {"float32": "f32", "bfloat16": "bf16", "int8": "f32"}


def has_bfloat16() -> bool:
    """Return whether the processor computes in bfloat16 by itself."""
    openvino = import_openvino()
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


class OpenVinoForward:
    """A converted model on the processor; see :class:`embedlab.encoders.running.forward.Forward`.

    Parameters
    ----------
    modules : Modules
    model_xml : Path
        The model, as :mod:`embedlab.encoders.running.conversion` writes it.
    precision : {"float32", "bfloat16", "int8"}
    """

    backend = "openvino"
    # It compiles the model anew for each shape and keeps that, 0.5 MiB a shape: lengths from 1 to 256 would take
    # 128 MiB, and take 40.
    few_widths = True

    def __init__(self, modules: Modules, model_xml: Path, precision: str) -> None:
        from threadpoolctl import ThreadpoolController

        self.token_budget = _TOKENS[precision]
        self.precision, self.nbytes = precision, model_xml.with_suffix(".bin").stat().st_size
        # Threads of torch wait for their next work by spinning, on cores that the batches under way need. So the few
        # sums of a pooling are left to the thread that asks; nobody else's threads are touched.
        self._torch_threads = ThreadpoolController().select(user_api="openmp")
        self._model_xml, self._names, self._n_layers = model_xml, input_names(modules), modules.n_layers
        # Most work needs the last layer only; a second copy for the rest is compiled when it is first asked for.
        self._requests = {True: self._compile(last_layer_only=True)}
        self.depth = len(self._requests[True])

    def start(
        self, batch: Batch, layers: frozenset[int], needs_attention: bool, read_out: ReadOut[Key]
    ) -> Callable[[], Pooled[Key]]:
        """Start a batch; see :class:`Forward`."""
        import torch

        last_layer_only = layers == {self._n_layers} and not needs_attention
        if last_layer_only not in self._requests:
            self._requests[last_layer_only] = self._compile(last_layer_only=last_layer_only)
        requests = self._requests[last_layer_only]
        if needs_attention and len(requests[0].model_outputs) <= self._n_layers + 1:
            raise InvalidInputError("This model does not show its attention. Choose another pooling.")
        request = requests.pop()
        request.start_async(inputs_of(batch, self._names), share_inputs=True)

        def result() -> Pooled[Key]:
            try:
                request.wait()
                states = {layer: _tensor(request, 0 if last_layer_only else layer) for layer in layers}
                attention = _tensor(request, self._n_layers + 1) if needs_attention else None
                with self._torch_threads.limit(limits=1):
                    pooled = read_out(TokenStates(torch.from_numpy(batch.attention_mask), states, attention))
                return {key: vectors.numpy() for key, vectors in pooled.items()}
            finally:
                requests.append(request)

        return result

    def release_memory(self) -> None:
        """Give back the room for what the widest batch so far needed, 12 MiB; no later batch takes longer for it."""
        for requests in self._requests.values():
            requests[0].get_compiled_model().release_memory()

    def _compile(self, *, last_layer_only: bool) -> list[InferRequest]:
        """Return the requests of a model with the results that are wanted; the others are never computed."""
        core = import_openvino().Core()
        model = core.read_model(self._model_xml)
        if last_layer_only:
            for place, result in enumerate(model.get_results()):
                if place != self._n_layers:
                    model.remove_result(result)
        compiled = core.compile_model(
            model, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": HINTS[self.precision]}
        )
        n_requests = compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        return [compiled.create_infer_request() for _ in range(n_requests)]


def _tensor(request: InferRequest, place: int) -> Tensor:
    """Return a result without copying it; it is overwritten when the request is used again."""
    import torch

    return torch.from_numpy(request.get_output_tensor(place).data)
