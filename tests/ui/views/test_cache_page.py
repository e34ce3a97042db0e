"""The page that shows what is kept on disk, and a server that finds it there after a restart."""

import pytest
import streamlit as st
from page_app import drawn_maps, open_page

from embedlab.store import EmbeddingStore


@pytest.mark.usefixtures("own_cache", "fresh_server")
def test_cache_page_shows_what_is_kept_and_drops_it():
    app = open_page("Cache")
    assert "Nothing is kept yet" in app.info[0].value
    open_page("Home")
    app = open_page("Cache")
    table = app.dataframe[0].value
    assert table["Model"].tolist() == ["all-MiniLM-L6-v2"]
    assert table["Texts"].tolist() == [EmbeddingStore().entries()[0].n_texts]
    assert not app.exception
    app = app.button[0].click().run()
    assert "Nothing is kept yet" in app.info[0].value
    assert EmbeddingStore().entries() == []


@pytest.mark.usefixtures("own_cache", "fresh_server")
def test_a_restarted_server_does_not_embed_again(monkeypatch):
    open_page("Home")
    st.cache_resource.clear()

    def never(*arguments):
        raise AssertionError("embedded again")

    monkeypatch.setattr(EmbeddingStore, "put", never)
    app = open_page("Home")
    assert not app.exception
    assert drawn_maps(app) == 1
