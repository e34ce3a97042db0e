"""The public surface, put into words: names, hand-made objects, visits to pages."""
