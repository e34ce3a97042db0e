"""Tiny random models built from a config: they stand in for model families whose weights are not on disk."""

import string

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram, WordLevel
from tokenizers.trainers import UnigramTrainer
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    LlamaConfig,
    LlamaModel,
    MPNetConfig,
    MPNetModel,
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaModel,
)

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ":", ".", "query", "passage", *string.ascii_lowercase]
# Two layers, and weights so far from nought that no two texts have the same vector.
SHAPE = {
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "initializer_range": 0.5,
}
TEXTS = ["a b c", "a", "z y x w v u", "query", "b b b b b b b b b b b b"]


def word_tokenizer(*, special: bool = True, **settings) -> PreTrainedTokenizerFast:
    """One token a word or punctuation mark, [CLS] … [SEP] around it where ``special``."""
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    if special:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])]
        )
    ends = {"cls_token": "[CLS]", "sep_token": "[SEP]"} if special else {}
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=16, **settings, **ends
    )


def save_tiny_model(folder, *, pooling_mode=None, include_prompt=True, normalize=False, dense=None, prompts=None):
    """Save a two-layer BERT; without ``pooling_mode`` it is a plain transformer with no sentence head."""
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(WORDS), max_position_embeddings=16, **SHAPE)
    plain = folder / "plain"
    BertModel(config).save_pretrained(plain)
    word_tokenizer(model_input_names=["input_ids", "token_type_ids", "attention_mask"]).save_pretrained(plain)
    if pooling_mode is None:
        return plain
    modules = [Transformer(str(plain)), Pooling(8, pooling_mode, include_prompt=include_prompt)]
    modules += [Dense(8, dense, activation_function=torch.nn.Tanh())] if dense else []
    modules += [Normalize()] if normalize else []
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save_pretrained(str(folder / "sentence"))
    return folder / "sentence"


def save_tiny_reranker(folder, *, num_labels=1):
    """Save a two-layer BERT that gives a question and a passage together a score, or several."""
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(WORDS), max_position_embeddings=16, num_labels=num_labels, **SHAPE)
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer = word_tokenizer(model_input_names=["input_ids", "token_type_ids", "attention_mask"])
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", WORDS.index("[CLS]")), ("[SEP]", WORDS.index("[SEP]"))],
    )
    tokenizer.save_pretrained(folder)
    return folder


def save_with_pooling(folder, model, tokenizer, pooling_mode):
    """Save a transformer and its tokenizer with a pooling, as sentence-transformers does."""
    model.save_pretrained(folder / "plain")
    tokenizer.save_pretrained(folder / "plain")
    modules = [Transformer(str(folder / "plain")), Pooling(8, pooling_mode)]
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(str(folder / "sentence"))
    return folder / "sentence"


def save_tiny_decoder(folder):
    """Save a two-layer causal transformer whose text vector is that of the last token."""
    torch.manual_seed(0)
    config = LlamaConfig(vocab_size=len(WORDS), num_key_value_heads=2, max_position_embeddings=16, **SHAPE)
    tokenizer = word_tokenizer(special=False, padding_side="left", model_input_names=["input_ids", "attention_mask"])
    return save_with_pooling(folder, LlamaModel(config), tokenizer, "lasttoken")


def save_tiny_mpnet(folder):
    """Save a two-layer MPNet, which brings an attention of its own; mean pooling."""
    torch.manual_seed(0)
    config = MPNetConfig(vocab_size=len(WORDS), max_position_embeddings=20, pad_token_id=0, **SHAPE)
    tokenizer = word_tokenizer(model_input_names=["input_ids", "attention_mask"])
    return save_with_pooling(folder, MPNetModel(config), tokenizer, "mean")


def save_tiny_xlmr(folder):
    """Save a two-layer XLM-R with the kind of tokenizer it has: Unigram pieces, ▁ where a word begins; mean pooling."""
    torch.manual_seed(0)
    lines = ["die bank am fluss ist schön", "die bank hat heute geschlossen", "a b c query: passage:"]
    tokenizer = Tokenizer(Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer.train_from_iterator(
        lines, UnigramTrainer(vocab_size=60, special_tokens=special, unk_token="<unk>", show_progress=False)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", cls_token="<s>", eos_token="</s>", sep_token="</s>",
        pad_token="<pad>", unk_token="<unk>", model_max_length=16, model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip
    config = XLMRobertaConfig(
        vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=20, pad_token_id=1, **SHAPE
    )
    return save_with_pooling(folder, XLMRobertaModel(config), fast, "mean")
