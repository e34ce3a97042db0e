"""Vectors from elsewhere: read in every form they come in, refused with a sentence, used where a model would be."""

import contextlib
import io
import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from page_app import go, messages, open_page, press, upload

from embedlab.datasets import check_directions, read_vectors
from embedlab.encoders import PrecomputedEncoder
from embedlab.errors import InvalidInputError
from embedlab.exports import embedding_table, spread_rows, to_npy, to_parquet

# Five rows, of which the third is blank.
KEPT = np.array([0, 1, 3, 4])
VECTORS = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)


def parquet(table):
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def lists(type):
    return parquet(pa.table({"id": ["a", "b", "c", "d"], "v": pa.array(VECTORS.tolist(), type=type)}))


FORMS = {
    "one a row": to_npy(spread_rows(VECTORS, KEPT, 5)),
    "one a text": to_npy(VECTORS),
    "float64, by columns": to_npy(np.asfortranarray(VECTORS.astype(np.float64))),
    "the download": to_parquet(embedding_table(pd.DataFrame({"text": list("ab cd")}), KEPT, VECTORS)),
    "lists": lists(pa.list_(pa.float32())),
    "large lists": lists(pa.large_list(pa.float64())),
    "fixed lists": lists(pa.list_(pa.float32(), 3)),
    "columns": to_parquet(pd.DataFrame(VECTORS, columns=["x", "y", "z"]).assign(text="t")),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_vectors(form):
    found = read_vectors(FORMS[form], "file", KEPT, 5)
    np.testing.assert_array_equal(found, VECTORS)
    assert found.dtype == np.float32


def claims_too_much():
    """A file of a few bytes whose header speaks of 4 TB."""
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f4", "fortran_order": False, "shape": (10**12, 1)})
    return stream.getvalue()


def pickled():
    stream = io.BytesIO()
    np.save(stream, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"text\n1\n", "mine is neither an .npy file nor Parquet"),
        (to_npy(VECTORS)[:-5], "mine is damaged"),
        (b"\x93NUMPY", "mine is damaged"),
        (claims_too_much(), "mine is damaged"),
        (pickled(), "other than numbers"),
        (to_npy(VECTORS[:3]), r"shape \(3, 3\); needed is a row for each of the 5 rows .* or 4 without the blank"),
        (to_npy(VECTORS[0]), r"shape \(3,\)"),
        (to_npy(spread_rows(VECTORS, np.array([0, 1, 2, 4]), 5)), "NaN or infinity in 1 of 4 rows, first row 2"),
        (b"PAR1 and then nothing", "damaged Parquet"),
        (parquet(pa.table({"text": list("abcd")})), "no column of numbers"),
        (parquet(pa.table({"v": [[1.0], [1.0, 2.0], [1.0], [1.0]]})), r"different lengths: \[1, 2\]"),
        (parquet(pa.table({"a": [[1.0]] * 4, "b": [[1.0]] * 4})), "several columns of lists: a, b"),
    ],
)
def test_what_is_wrong_is_said(content, message):
    with pytest.raises(InvalidInputError, match=message):
        read_vectors(content, "mine", KEPT, 5)


def npy(header, data=b""):
    """A file with that header, however wrong."""
    line = header.encode("latin-1") + b"\n"
    return b"\x93NUMPY\x01\x00" + len(line).to_bytes(2, "little") + line + data


HEADER = "{{'descr': {}, 'fortran_order': False, 'shape': {}}}"
BROKEN = {
    "negative": npy(HEADER.format("'<f4'", "(-4, -3)"), bytes(48)),
    "one negative": npy(HEADER.format("'<f4'", "(-1, 3)"), bytes(48)),
    "beyond any integer": npy(HEADER.format("'<f4'", f"({10**30}, 0)")),
    "no shape": npy("{'descr': '<f4', 'fortran_order': False}", bytes(48)),
    "keys of two kinds": npy("{1: 2, 'a': 3}"),
    "a key that is a list": npy("{[]: 1}"),
    "an open bracket": npy("(" * 9000),
    "depth": npy("-" * 5000 + "1"),
    "indents": npy("\n  x\n y"),
    "no type": npy(HEADER.format("'<04'", "(4, 3)"), bytes(48)),
    "records": npy(HEADER.format("[('a', '<f4')]", "(4, 3)"), bytes(48)),
    "objects": npy(HEADER.format("'|O'", "(4, 3)"), bytes(96)),
    "a header too long": npy(HEADER.format("'<f4'", "(4, 3)") + " " * 20_000, bytes(48)),
    "a version nobody knows": b"\x93NUMPY\x09\x09" + bytes(80),
    "several arrays": b"PK\x03\x04" + bytes(80),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_header_that_lies_is_a_sentence(kind):
    """The header is a Python literal: whatever its parser makes of it, a person reads one sentence."""
    with pytest.raises(InvalidInputError, match=r"^mine .*\.$"):
        read_vectors(BROKEN[kind], "mine", KEPT, 5)


def test_records_are_refused_by_their_header():
    with pytest.raises(InvalidInputError, match="something other than numbers"):
        read_vectors(BROKEN["records"], "mine", KEPT, 5)


def test_no_byte_that_is_changed_ends_in_a_traceback():
    """A few thousand damaged files: each gives vectors or a sentence."""
    rng, signs = np.random.default_rng(0), np.frombuffer(b"'\"{}()[],:-01e9<>|fiOSV \n\x00\\#", np.uint8)
    files = [(to_npy(VECTORS), 6, 90, signs, 1500), (FORMS["lists"], 4, len(FORMS["lists"]), np.arange(256), 300)]
    refused = 0
    for content, first, last, values, n_tries in files:
        for _ in range(n_tries):
            damaged = np.frombuffer(content, np.uint8).copy()
            damaged[rng.integers(first, last, 3)] = rng.choice(values, 3)
            try:
                assert read_vectors(damaged.tobytes(), "mine", KEPT, 5).shape[0] == 4
            except InvalidInputError:
                refused += 1
            except UserWarning:  # of numpy, for a header that looks like one of Python 2
                pass
    assert refused > 500


class Payload:
    """What a pickle runs when it is read."""

    def __init__(self, trace):
        self.trace = str(trace)

    def __reduce__(self):
        return open, (self.trace, "w")


@pytest.mark.parametrize("kind", ["npy", "npz", "pickle", "parquet"])
def test_a_pickle_is_never_run(tmp_path, kind):
    trace = tmp_path / "trace"
    objects = np.array([[Payload(trace)] * 3] * 4, dtype=object)
    stream = io.BytesIO()
    if kind == "npy":
        np.save(stream, objects, allow_pickle=True)
    elif kind == "npz":
        np.savez(stream, embedding=objects)
    elif kind == "pickle":
        pickle.dump(Payload(trace), stream)
    else:
        # Arrow of 2023 unpickled the type of such a column (CVE-2023-47248).
        says = {"ARROW:extension:name": "arrow.py_extension_type"}
        says["ARROW:extension:metadata"] = pickle.dumps(Payload(trace))
        field = pa.field("embedding", pa.list_(pa.float32()), metadata=says)
        pq.write_table(pa.table([pa.array(VECTORS.tolist(), field.type)], pa.schema([field])), stream)
    content = stream.getvalue()
    if kind == "npy":
        np.load(io.BytesIO(content), allow_pickle=True)[0, 0].close()
        assert trace.exists(), "the payload works where somebody runs it"
        trace.unlink()
    with contextlib.suppress(InvalidInputError):
        read_vectors(content, "mine", KEPT, 5)
    assert not trace.exists()


def test_a_vector_of_zeros_has_no_direction():
    with pytest.raises(InvalidInputError, match="1 vectors of nothing but zeros, the first for text 2"):
        check_directions(np.array([[1, 0], [0, 0]], dtype=np.float32), "mine")


def test_the_encoder_knows_its_texts_and_no_other():
    encoder = PrecomputedEncoder(["a", "b", "a"], [[3, 4], [0, 1], [9, 9]])
    np.testing.assert_allclose(encoder.encode(["b", "a"]), [[0, 1], [0.6, 0.8]], atol=1e-6)
    np.testing.assert_array_equal(encoder.encode(["a"], normalize_embeddings=False), [[3, 4]])
    with pytest.raises(InvalidInputError, match="1 of 1 texts have no vector.*Choose a model"):
        encoder.encode_query("something else")
    assert PrecomputedEncoder(["a"], [[1, 2]]).revision != PrecomputedEncoder(["a"], [[2, 1]]).revision


@pytest.fixture
def app(fresh_server):
    """The Data page with a small table whose third row is blank."""
    texts = ["late parcel", "where is it", " ", "great lamp", "lovely light", "dull lamp"]
    content = ("text\n" + "\n".join(f'"{text}"' for text in texts)).encode()
    return upload(open_page("Data"), "mine.csv", content)


def bring(app, label, content):
    uploader = next(each for each in app.file_uploader if each.label == label)
    return uploader.upload("mine.npy", content, "application/octet-stream").run()


def test_vectors_and_a_map_take_the_place_of_model_and_umap(app):
    vectors = np.random.default_rng(0).standard_normal((6, 8)).astype(np.float32)
    assert not messages(bring(app, "Vectors of the texts", to_npy(vectors)))
    assert app.selectbox(key="model").value == "your vectors"
    assert not messages(bring(app, "Coordinates of a map", to_npy(vectors[:, :2])))
    go(app, "Clusters")
    assert not app.exception
    assert not messages(app)
    assert any(caption.value.startswith("Uploaded map") for caption in app.caption)
    assert "somebody has brought" in app.code[0].value
    for title in ("Home", "Similarity", "Compare", "Inside", "Models"):
        go(app, title)
        assert not app.exception
    go(app, "Data")
    press(app, "Draw UMAP again")
    go(app, "Clusters")
    assert not any(caption.value.startswith("Uploaded map") for caption in app.caption)
    app.selectbox(key="dataset").set_value("support_messages").run()
    assert not app.exception
    assert app.selectbox(key="model").value == "all-MiniLM-L6-v2"


def test_a_search_with_vectors_alone_says_what_it_needs(app):
    bring(app, "Vectors of the texts", to_npy(np.eye(6, dtype=np.float32)))
    go(app, "Search")
    app.text_input(key="query").set_value("lamp").run()
    assert not app.exception
    assert any("came without their model" in message for message in messages(app))


@pytest.mark.parametrize(
    ("label", "array", "message"),
    [
        ("Vectors of the texts", np.ones((4, 2)), "needed is a row for each of the 6 rows"),
        ("Vectors of the texts", np.zeros((6, 2)), "nothing but zeros"),
        ("Coordinates of a map", np.ones((6, 3)), "a map has two"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(app, label, array, message):
    bring(app, label, to_npy(array.astype(np.float32)))
    assert not app.exception
    assert message in app.error[0].value.replace("\\", "")
    assert app.selectbox(key="model").value == "all-MiniLM-L6-v2"


def test_rows_whose_vector_is_not_used_are_counted():
    """Rounding, as of another batch or of float16, makes no other vector."""
    vectors = np.array([[3, 4], [0, 1], [9, 9], [3.0005, 4], [0, 1], [3, 4.2]])
    encoder = PrecomputedEncoder(["a", "b", "a", "a", "b", "a"], vectors)
    assert encoder.replaced.tolist() == [2, 5]
    assert not len(PrecomputedEncoder(["a", "b"], vectors[:2]).replaced)


def test_two_vectors_of_one_text_are_said(fresh_server):
    """The third row is blank, so the copy is the third text and row 4 of the table."""
    content = b'text\n"late parcel"\n"great lamp"\n" "\n"late parcel"\n"dull lamp"'
    app = upload(open_page("Data"), "mine.csv", content)
    bring(app, "Vectors of the texts", to_npy(np.eye(5, dtype=np.float32)))
    (said,) = messages(app)
    assert said == (
        "Texts that stand in several rows with different vectors: 1. A text has one vector here, that of its first "
        "row. The vectors of these rows are not used: 4."
    )
    bring(app, "Vectors of the texts", to_npy(np.eye(5, dtype=np.float32)[[0, 1, 2, 0, 3]]))
    assert not messages(app)
