"""How many tokens a text has for a language model: counted by its tokenizer, or estimated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embedlab.errors import InvalidInputError, ModelLoadError, first_line

# English has four to five bytes a token in the vocabularies of today's models, German three to four.
_BYTES_A_TOKEN = 3


@dataclass(frozen=True)
class TokenCounter:
    """Counts the tokens of a text.

    Parameters
    ----------
    name : str
        Whose tokens, in words.
    count : callable
        From a text to a number.
    is_exact : bool, default=True
        False for an estimate.
    """

    name: str
    count: Callable[[str], int]
    is_exact: bool = True


def estimate_tokens(text: str) -> int:
    """Estimate the tokens of a text: a third of its bytes in UTF-8, rounded up.

    On the safe side for English and German. For scripts whose letters take three bytes, such as Korean, it is one token
    a letter, which older vocabularies may exceed.

    Examples
    --------
    >>> estimate_tokens("Where is my parcel?")  # 19 bytes
    7
    """
    return -(-len(text.encode("utf-8", "surrogatepass")) // _BYTES_A_TOKEN)


ESTIMATE = TokenCounter("an estimate of a token for three bytes", estimate_tokens, is_exact=False)


def token_counter(path: str | Path) -> TokenCounter:
    """Return a counter by the tokenizer of a language model.

    Parameters
    ----------
    path : str or Path
        Its ``tokenizer.json``, or the folder it lies in.

    Raises
    ------
    InvalidInputError
        When there is no such file.
    ModelLoadError
        When it cannot be read.
    """
    from tokenizers import Tokenizer

    given = Path(path).expanduser()
    file = given / "tokenizer.json" if given.is_dir() else given
    if not file.is_file():
        raise InvalidInputError(f"There is no {file}. Name the folder of a language model with its tokenizer.json.")
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # The library raises nothing narrower.
        raise ModelLoadError(f"{file} could not be read as a tokenizer: {first_line(error)}") from error
    # What it was saved with would cut every text at a length, and count no further.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return TokenCounter(
        f"the tokenizer of {file.parent.name}", lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
    )
