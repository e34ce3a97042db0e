"""The prompts a model wants before texts, and the choice among them."""
# ruff: noqa: ANN401 - options are handed on

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from embedlab.encoders.running import check_texts
from embedlab.errors import InvalidInputError
from embedlab.texts import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from embedlab.models import ModelCard

    Embeddings = NDArray[np.float32]


class Prompted:
    """What prompts an encoder wants, by name, and which of them queries and texts get."""

    if TYPE_CHECKING:
        encode: Callable[..., Embeddings]

    @property
    def prompts(self) -> dict[str, str]:
        """The prompts by name; none unless an encoder says otherwise."""
        return {}

    @property
    def query_prompt_name(self) -> str | None:
        """Name of the prompt for queries; None means the default."""
        return "query" if "query" in self.prompts else None

    @property
    def document_prompt_name(self) -> str | None:
        """Name of the prompt for texts that are searched; None means the default."""
        return next((name for name in ("document", "passage", "corpus") if name in self.prompts), None)

    def encode_query(self, texts: str | Sequence[str], *, prompt_name: str | None = None, **options: Any) -> Embeddings:
        """Turn what somebody looks for into embeddings, with the query prompt where there is one; see :meth:`encode`.

        Raises
        ------
        InvalidInputError
            When a query is blank.
        """
        queries = check_texts(texts)
        if any(is_blank(query) for query in queries):
            raise InvalidInputError("The query is blank. Type what you are looking for.")
        return self.encode(queries, prompt_name=prompt_name or self.query_prompt_name, **options)

    def encode_document(
        self, texts: str | Sequence[str], *, prompt_name: str | None = None, **options: Any
    ) -> Embeddings:
        """Turn texts that are searched into embeddings, with the prompt for them where there is one."""
        return self.encode(texts, prompt_name=prompt_name or self.document_prompt_name, **options)


def prompts_of(model: SentenceTransformer, card: ModelCard | None) -> tuple[dict[str, str], str | None]:
    """Return a model's prompts by name, and the name of the one for any text; its own files go before the catalog."""
    own = {key: prompt for key, prompt in model.prompts.items() if prompt}
    return (
        own or dict(card.prompts if card else {}),
        model.default_prompt_name or (card.default_prompt if card else None),
    )


def choose_prompt(model: str, prompts: Mapping[str, str], prompt_name: str | None, default: str | None) -> str | None:
    """Return the name of the prompt to use: the one asked for, the default for None, and none for an empty string.

    Raises
    ------
    InvalidInputError
        For a prompt the model does not have.
    """
    chosen = (default if prompt_name is None else prompt_name) or None
    if chosen is not None and chosen not in prompts:
        raise InvalidInputError(f"{model} has no prompt {chosen!r}; it has: {', '.join(prompts) or 'none'}.")
    return chosen
