"""From a question to passages to figures: ways side by side, answers with their citations, and what pairs cost."""

import numpy as np
import pytest
from hashed import Hashed
from tiny_models import save_tiny_reranker

from embedlab.comparison import Candidate
from embedlab.encoders import TfidfEncoder
from embedlab.errors import HostedError, InvalidInputError
from embedlab.gold import Retrieval
from embedlab.reranking import Scored, load_reranker
from embedlab.retrieval import (
    Answer,
    Needed,
    PairCost,
    Passage,
    PassageIndex,
    Way,
    answer,
    answer_offer,
    build_prompt,
    compare_retrieval,
    measure_pair_cost,
    request_of,
    rerank,
    reranked,
    retrieval_table,
    retrieve,
    whole_texts,
)
from embedlab.search import LexicalIndex, SearchIndex
from embedlab.stores import open_store
from embedlab.texts import Splitting

TEXTS = [f"text {number} speaks of topic{number} alone" for number in range(12)]
WORDS = Way(Candidate("tf-idf"), by="words", top_k=3)


class ByLength:
    """Says that a passage fits the better the longer it is."""

    device, name = "cpu", "by length"

    def score(self, question, passages, progress=None):
        return Scored(np.array([len(text) for text in passages], np.float32), np.zeros(len(passages), bool))


def test_passages_are_found_in_each_way_with_their_places():
    """Several of one document, unlike in a search for documents."""
    documents = ["a b. c d. e f.", "x y z."]
    index = PassageIndex(
        whole_texts(documents), ["1", "5"], SearchIndex(documents, [[1.0, 0.0], [0.6, 0.8]]), LexicalIndex(documents)
    )
    near = index.find("e", [0.0, 1.0], Way(top_k=5))
    assert [(each.document, each.place, round(each.score, 2)) for each in near] == [
        ("5", "document 5", 0.8), ("1", "document 1", 0.0),
    ]  # fmt: skip
    assert [each.document for each in index.find("e", [0.0, 1.0], Way(by="words"))] == ["1"]
    assert [each.document for each in index.find("e", [0.0, 1.0], Way(by="both", weight=0.0, top_k=2))] == ["1"]
    assert index.find("e", [0.0, 1.0], Way(), np.zeros(0, np.int64)) == []
    assert [each.end for each in index.find("e", [0.0, 1.0], Way(), np.array([0]))] == [len(documents[0])]


def test_a_cross_encoder_orders_anew(tmp_path):
    reranker = load_reranker(save_tiny_reranker(tmp_path / "tiny"), device="cpu")
    passages = [Passage(text, text, 0, 1, 0.5) for text in ("b c d", "a", "z y x", "a b")]
    ordered = rerank("a b", passages, reranker)
    scores = reranker.score("a b", [each.text for each in passages]).scores
    assert [each.text for each in ordered] == [passages[place].text for place in np.argsort(-scores)]
    assert [each.rerank_score for each in ordered] == sorted(scores.tolist(), reverse=True)
    assert rerank("a b", [], reranker) == []
    assert reranked("a b", passages, Way(), None) == passages
    with pytest.raises(InvalidInputError, match="no cross-encoder is given"):
        reranked("a b", passages, Way(reranker="r"), None)


def test_ways_are_held_against_each_other_on_the_same_questions():
    """Words find each text first; a cross-encoder that likes length puts others before it."""
    texts = [*TEXTS, *(f"{text} and on and on {'x' * place}" for place, text in enumerate(TEXTS[:6]))]
    gold = Retrieval(tuple(f"topic{number}" for number in range(6)), tuple(texts), [{number} for number in range(6)])
    longest = Way(Candidate("tf-idf"), by="words", top_k=1, reranker="by length", depth=10)
    steps = []
    found = compare_retrieval(
        gold, [WORDS, longest, WORDS], load_reranker=lambda name: ByLength(),
        progress=lambda done, total: steps.append((done, total)),
    )  # fmt: skip
    assert steps == [(done, 12) for done in range(1, 13)]
    assert (found.gold.top_k, found.by_place, found.measures[0]) == (3, False, "ndcg_at_3")
    first, second = found.ranked("ndcg_at_3")
    assert (first.way, first.figures["ndcg_at_3"].value) == (WORDS, 1.0)
    assert (second.way, second.figures["recall_at_3"].value, second.mean_passages) == (longest, 0.0, 1.0)
    behind = found.to_best("ndcg_at_3")[longest]
    assert behind.value == -1
    assert behind.is_clear
    table = retrieval_table(found, "ndcg_at_3")
    assert table["way"].tolist() == [WORDS.title, longest.title]
    assert table["key"].map(Way.parse).tolist() == [WORDS, longest]
    with pytest.raises(InvalidInputError, match="no way"):
        compare_retrieval(gold, [])


def test_what_was_cut_out_of_a_prompt_was_not_retrieved():
    gold = Retrieval(("topic1 topic2",), tuple(TEXTS), [{1, 2}])
    whole = Way(Candidate("tf-idf"), by="words", top_k=3)
    small = Way(Candidate("tf-idf"), by="words", top_k=3, context=130, answer_tokens=0)
    figures = {each.way: each for each in compare_retrieval(gold, [whole, small]).results}
    assert figures[whole].figures["recall_at_3"].value == 1
    assert 0 < figures[small].mean_passages < 2
    assert figures[small].figures["recall_at_3"].value == 0.5
    assert (figures[whole].n_full, figures[small].n_full) == (0, 1)


def test_documents_and_places_hold_when_texts_are_cut_otherwise():
    """The answer stands at the end of a long text, behind what else speaks of the words of the question."""
    filler = " ".join(f"Sentence {number} tells of boats." for number in range(20))
    texts = (f"{filler} The harbour opens at nine.", "Boats, boats and boats.", "Nothing of it.")
    start = len(filler) + 1
    needed = [[Needed("0", 1.0, start, len(texts[0]))]]
    gold = Retrieval(("when does the harbour open",), texts, [{0}])
    ways = [Way(Candidate("tf-idf"), Splitting(length), by="words", top_k=1) for length in (8, 30)]
    by_document = compare_retrieval(gold, ways)
    assert [each.figures["recall_at_1"].value for each in by_document.results] == [1, 1]
    by_place = compare_retrieval(gold, ways, needed=needed)
    assert by_place.by_place
    assert [each.figures["recall_at_1"].value for each in by_place.results] == [1, 1]
    assert by_place.results[0].n_passages > by_place.results[1].n_passages > 3
    elsewhere = compare_retrieval(gold, ways, needed=[[Needed("0", 1.0, 0, 20)]])
    assert [each.figures["recall_at_1"].value for each in elsewhere.results] == [0, 0]


def test_equal_scores_favour_no_place_in_the_table():
    """One vector for all: of 12 texts, each the answer to a question, three are in every prompt."""

    class Same(Hashed):
        def _embed(self, texts, specs, report):
            return {way: np.ones((len(texts), 4), np.float32) for way in specs}

    gold = Retrieval(tuple(f"q{n}" for n in range(12)), tuple(TEXTS), [{n} for n in range(12)])
    only_first = Retrieval(("q",), tuple(TEXTS), [{0}])
    same = Way(Candidate("same"), top_k=3)
    mean = compare_retrieval(gold, [same], load=lambda _: Same()).results[0].figures["recall_at_3"].value
    assert mean == pytest.approx(3 / 12)
    assert compare_retrieval(only_first, [same], load=lambda _: Same()).results[0].figures["recall_at_3"].value == 0


def test_an_answer_is_asked_for_and_its_citations_are_read(chat):
    prompt = build_prompt("how late?", [Passage(text, text, 0, 1, 0.5) for text in TEXTS[:3]], Way())
    chat.reply = "It is late [1, 3]. [2-3] say so, and [9] does not exist."
    offer = answer_offer(chat.endpoint, prompt)
    assert (offer.n_sent, offer.leaves_machine) == (4, False)
    said = answer(chat.endpoint, prompt)
    assert chat.bodies == [request_of(chat.endpoint, prompt)]
    assert chat.bodies[0]["messages"][1]["content"] == prompt.user
    assert (said.cited, said.unknown, said.model) == ([1, 2, 3], [9], "llama3:8b")
    assert answer(chat.endpoint, prompt) == said
    assert len(chat.bodies) == 1
    assert answer_offer(chat.endpoint, prompt).n_sent == 0
    chat.reply = "  "
    with pytest.raises(HostedError, match="nothing"):
        answer(chat.endpoint, build_prompt("and why?", [], Way()))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [("", ())]), ("Plain.", [("Plain.", ())]), ("[1][2]", [("", (1,)), ("", (2,))]),
        ("a [1;2] b", [("a ", (1, 2)), (" b", ())]), ("a [1-90]", [("a ", (1, 90))]), ("[x] [0]", [("[x] ", (0,))]),
    ],
)  # fmt: skip
def test_citations_are_read_as_models_write_them(text, parts):
    said = Answer(text, "m", 2)
    assert said.parts == parts
    assert set(said.cited) <= {1, 2}
    assert not set(said.unknown) & {1, 2}


def test_pairs_cost_what_their_number_says():
    """10,000 texts are 49,995,000 pairs, as in the paper: 65 hours at 214 pairs a second."""
    cost = PairCost("e", "r", "cpu", pairs_per_second=213.7, texts_per_second=2000, products_per_second=1e9)
    assert cost.by_cross_encoder(10_000) / 3600 == pytest.approx(65, abs=0.1)
    assert cost.by_embeddings(10_000) == pytest.approx(5.05, abs=0.01)
    alone, embedded, both = cost.of_a_question(10_000, 50)
    assert alone > both > embedded
    measured = measure_pair_cost(Hashed(), ByLength(), TEXTS)
    assert min(measured.pairs_per_second, measured.texts_per_second, measured.products_per_second) > 0
    with pytest.raises(InvalidInputError, match="two"):
        measure_pair_cost(Hashed(), ByLength(), TEXTS[:1])


def test_a_collection_of_a_store_gives_the_prompt_the_index_gives(tmp_path):
    """By meaning, with the places it was written with; of another model, or by words, it is refused."""
    texts = ["north of here", "east of here", "south of here"]
    encoder = TfidfEncoder(texts)
    way = Way(Candidate("tf-idf"), top_k=2)
    vectors = encoder.encode_document(texts)
    index = PassageIndex(whole_texts(texts), ["1", "2", "3"], SearchIndex(texts, vectors))
    with open_store(f"lancedb://{tmp_path}/store") as store:
        spec = way.candidate.spec(encoder, encoder.document_prompt_name)
        collection = store.create_collection("places", vectors.shape[1], spec=spec)
        places = [{"document": f"d{number}", "start": 4, "end": 17, "side": number} for number in range(3)]
        collection.upsert(["1", "2", "3"], vectors, texts, places)
        found = retrieve("east", collection, way, encoder=encoder)
        local = retrieve("east", index, way, encoder=encoder)
        assert [each.passage.text for each in found.placed] == [each.passage.text for each in local.placed]
        assert found.best.passage.score == pytest.approx(local.best.passage.score, abs=1e-5)
        assert (found.best.passage.document, found.best.passage.start, found.best.passage.end) == ("d1", 4, 17)
        only = retrieve("east", collection, way, encoder=encoder, where={"side": {"gte": 2}})
        assert [each.passage.text for each in only.placed] == [texts[2]]
        with pytest.raises(InvalidInputError, match="Cosines between the two say nothing"):
            retrieve("east", collection, way, encoder=TfidfEncoder([*texts[:2], "west of there"]))
        with pytest.raises(InvalidInputError, match="collection of vectors"):
            retrieve("east", collection, Way(Candidate("tf-idf"), by="words"), encoder=encoder)
    with pytest.raises(InvalidInputError, match="metadata of a collection"):
        retrieve("east", index, way, encoder=encoder, where={"side": 2})
    with pytest.raises(InvalidInputError, match="Give the encoder"):
        retrieve("east", index, way)
