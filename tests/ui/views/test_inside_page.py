"""The Inside page: numbers in its captions come from the model, and awkward input is answered in words."""

import numpy as np
import pytest
from page_app import open_page

from embedlab.inspection import load_inspector

AWKWARD = ["🙂 👩‍👩‍👧", "**bold** <script>alert(1)</script> $x$ :red[no]", "הבנק על הנהר", "a\u200bb", "x" * 1500]


def captions(app):
    return " ".join(element.value for element in app.main.caption)


def test_what_is_said_is_what_the_model_does():
    app = open_page("Inside", sentence="Unbelievably good.")
    assert not app.exception
    inspection = load_inspector().inspect("Unbelievably good.")
    tokens = app.dataframe[0].value
    assert tokens["Token"].tolist() == [token.piece for token in inspection.tokens]
    assert tokens["Id"].tolist() == [token.id for token in inspection.tokens]
    assert f"{len(tokens)} of at most 256 tokens" in captions(app)
    assert f"{np.abs(inspection.layers[0]).max():.2f}" in captions(app)
    assert f"length {np.linalg.norm(inspection.pooled()):.2f} before and 1.00 after" in captions(app)
    assert "every token counts the same" in captions(app)


def test_a_layer_chosen_is_the_layer_shown():
    app = open_page("Inside")
    assert "After layer 6 of 6" in captions(app)
    app.slider(key="layer").set_value(2).run()
    assert "After layer 2 of 6" in captions(app)
    app.select_slider(key="head").set_value("3").run()
    assert "in head 3 and the mean of all layers" in captions(app)


@pytest.mark.parametrize("sentence", AWKWARD)
def test_awkward_sentences(sentence):
    app = open_page("Inside")
    app.text_input(key="sentence").set_value(sentence).run()
    assert not app.exception
    assert not app.error


def test_a_blank_sentence_is_an_invitation():
    app = open_page("Inside")
    app.text_input(key="sentence").set_value(" ").run()
    assert not app.exception
    assert "Type a sentence" in app.info[0].value


def test_two_sentences_that_share_no_word():
    app = open_page("Inside")
    app.text_input(key="one").set_value("Nothing here").run()
    assert not app.exception
    assert "share no word" in app.error[0].value


@pytest.mark.parametrize(("model", "message"), [("tf-idf", "no transformer"), ("e5-small-v2", "not on this machine")])
def test_a_model_that_cannot_be_looked_into(model, message):
    app = open_page("Inside", model=model)
    assert not app.exception
    assert message in " ".join(element.value for element in [*app.info, *app.warning])
