"""The Retrieve page: a question, the prompt a language model would get, its answer, and how good the way there is.

Read ``choosing.py`` first: the settings. ``showing.py`` draws a prompt, ``clicks.py`` keeps what a person says of its
passages, ``answering.py`` has it answered, ``judging.py`` takes figures, and ``pairs.py`` says why one embeds at all.
"""

from embedlab.ui.views.retrieve import answering, choosing, clicks, judging, pairs, showing

__all__ = ["answering", "choosing", "clicks", "judging", "pairs", "showing"]
