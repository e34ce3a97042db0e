"""Texts in, embeddings out: transformers and the ways to run them, and the baselines they have to beat."""
