"""What a request may say, and that an answer says exactly what the model gave."""

import base64
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedlab.serving.protocol import EmbeddingRequest, RequestError, read_request, write_answer

FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


@settings(deadline=None)
@given(arrays(np.float32, st.tuples(st.integers(1, 3), st.integers(1, 4)), elements=FLOATS))
def test_both_formats_give_every_number(vectors):
    """Subnormal ones included."""
    for encoding_format in ("float", "base64"):
        asked = EmbeddingRequest('the "model"', [], None, encoding_format, None, None)
        answer = json.loads(write_answer(asked, "r1", vectors, 7))
        rows = [each["embedding"] for each in answer["data"]]
        if encoding_format == "base64":
            rows = [np.frombuffer(base64.b64decode(row), "<f4") for row in rows]
        np.testing.assert_array_equal(np.array(rows, dtype=np.float32), vectors)
        assert answer["model"] == 'the "model"'
        assert answer["usage"] == {"prompt_tokens": 7, "total_tokens": 7}
        assert answer["embedlab"] == {"revision": "r1"}


def test_a_whole_request():
    body = {"model": "m", "input": ["a"], "dimensions": 8, "encoding_format": "base64", "user": "me", "truncate": True}
    found = read_request(json.dumps(body | {"input_type": "query"}).encode())
    assert found == EmbeddingRequest("m", ["a"], 8, "base64", "query", True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["model", "input", "dimensions", "encoding_format", "input_type", "truncate", "user", "x"])


@given(st.dictionaries(FIELDS, JSON) | JSON)
def test_any_json_is_read_or_refused(body):
    """Nothing else happens: no other error, and no text that is empty."""
    try:
        found = read_request(json.dumps(body).encode())
    except RequestError as error:
        refused = error
    else:
        assert found.texts
        assert all(isinstance(text, str) and text for text in found.texts)
        return
    assert (refused.status, refused.body["error"]["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"input": "\\ud800"}', b'{"dimensions": NaN}'])
def test_what_is_no_json_or_no_text_is_refused(body):
    with pytest.raises(RequestError) as refused:
        read_request(body)
    assert refused.value.status == 400
