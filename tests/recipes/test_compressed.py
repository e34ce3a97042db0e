"""The program that is taken away is run, with the file beside it, and gives the codes that were measured."""

import numpy as np
import pytest

from embedlab.comparison import Candidate
from embedlab.compression import Compression, fit_compression
from embedlab.dimensions import suggest_compressions
from embedlab.encoders import load_encoder
from embedlab.recipes import fitted_file, recipe, shrinking_program
from embedlab.rows import normalize_rows
from embedlab.samples import sample_texts

ROWS = normalize_rows(np.random.default_rng(0).standard_normal((600, 64)).astype(np.float32))
KEYS = [each.key for each in suggest_compressions(64, 1500)]


def run(program, folder, monkeypatch, embeddings):
    monkeypatch.chdir(folder)
    names = {"embeddings": embeddings}
    exec(compile(program, "program", "exec"), names)
    return names["small"]


@pytest.mark.parametrize("key", [*KEYS, "uint8", "pca16~ubinary"])
@pytest.mark.parametrize("normalize", [True, False])
def test_it_gives_the_same_codes(key, normalize, tmp_path, monkeypatch):
    fitted = fit_compression(Compression.parse(key), ROWS[:300], normalize_embeddings=normalize)
    file = fitted_file(fitted)
    if file:
        (tmp_path / "fitted.npz").write_bytes(file)
    small = run(shrinking_program(fitted, "fitted.npz"), tmp_path, monkeypatch, ROWS[300:])
    codes = fitted.encode(ROWS[300:])
    assert small.dtype == codes.dtype
    if codes.dtype.kind == "f":
        np.testing.assert_allclose(small, codes, atol=1e-3 if codes.dtype == np.float16 else 1e-6)
    else:  # a number on the border of two codes can fall to either side
        assert (small == codes).mean() > 0.999


@pytest.mark.parametrize("key", ["pca16~int8", "dim32", "binary", "pq8"])
def test_a_query_keeps_its_numbers_unless_bits_are_compared(key, tmp_path, monkeypatch):
    """The products of codes and queries are those that were measured."""
    fitted = fit_compression(Compression.parse(key), ROWS[:300])
    (tmp_path / "fitted.npz").write_bytes(fitted_file(fitted) or b"")
    program = shrinking_program(fitted, "fitted.npz", searches=True)
    monkeypatch.chdir(tmp_path)
    names = {"embeddings": ROWS, "query_embeddings": ROWS[:5]}
    exec(compile(program, "program", "exec"), names)
    asked = names["small_queries"]
    wanted = fitted.encode(ROWS[:5]) if key == "binary" else fitted.reduce(ROWS[:5])
    np.testing.assert_allclose(asked, wanted, atol=1e-6)


def test_what_learns_nothing_needs_no_file(tmp_path, monkeypatch):
    fitted = fit_compression(Compression.parse("dim8"), ROWS)
    assert fitted_file(fitted) is None
    assert "np.load" not in shrinking_program(fitted, "none.npz")
    zero = np.zeros((1, 64), np.float32)
    assert not run(shrinking_program(fitted, "none.npz"), tmp_path, monkeypatch, zero).any()


@pytest.mark.parametrize("key", ["dim64~binary", "pca32~int8"])
def test_from_the_texts_to_the_codes(key, tmp_path, monkeypatch):
    """The whole program: what embeds the texts as the candidate does, and below it what makes them smaller."""
    encoder, texts = load_encoder("static-all-MiniLM-L6-v2"), sample_texts()[:200]
    rows = encoder.encode(texts)
    fitted = fit_compression(Compression.parse(key), rows)
    (tmp_path / "fitted.npz").write_bytes(fitted_file(fitted) or b"")
    program = recipe(Candidate(encoder.name), encoder) + shrinking_program(fitted, "fitted.npz")
    monkeypatch.chdir(tmp_path)
    names = {"texts": texts}
    exec(compile(program, "program", "exec"), names)
    assert (names["small"] == fitted.encode(rows)).mean() > 0.99
