"""Retrieval as a language model sees it: the passages for a question, the prompt they become, and how good it is.

Read ``ways.py`` first: what is chosen on the way from a question to a prompt. ``passages.py`` finds, ``prompts.py``
writes the prompt, ``judging.py`` and ``comparing.py`` hold prompts against what is known to answer, or what a
person has said in ``clicks.py``, ``answering.py``
asks a language model, ``costs.py`` says why one embeds at all.
"""

from embedlab.retrieval.answering import Answer, answer, answer_offer, request_of
from embedlab.retrieval.clicks import PassageJudgement, gold_of_clicks, read_passage_judgements, write_judgements
from embedlab.retrieval.comparing import compare_retrieval
from embedlab.retrieval.costs import PairCost, measure_pair_cost
from embedlab.retrieval.counting import ESTIMATE, TokenCounter, token_counter
from embedlab.retrieval.judging import Needed, prompt_figures
from embedlab.retrieval.passages import Passage, PassageIndex, rerank, reranked, whole_texts
from embedlab.retrieval.prompts import Placed, Prompt, build_prompt
from embedlab.retrieval.report import RetrievalComparison, retrieval_table
from embedlab.retrieval.retrieving import index_corpus, retrieve
from embedlab.retrieval.ways import MAX_PASSAGES, ORDERS, Way

__all__ = [
    "Answer",
    "ESTIMATE",
    "MAX_PASSAGES",
    "Needed",
    "ORDERS",
    "PairCost",
    "Passage",
    "PassageIndex",
    "PassageJudgement",
    "Placed",
    "Prompt",
    "RetrievalComparison",
    "TokenCounter",
    "Way",
    "answer",
    "answer_offer",
    "build_prompt",
    "compare_retrieval",
    "gold_of_clicks",
    "index_corpus",
    "measure_pair_cost",
    "prompt_figures",
    "read_passage_judgements",
    "request_of",
    "rerank",
    "reranked",
    "retrieval_table",
    "retrieve",
    "token_counter",
    "whole_texts",
    "write_judgements",
]
