"""Keeping a trained model under a name, and taking it away."""
