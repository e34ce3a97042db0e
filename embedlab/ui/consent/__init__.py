"""What is sent to model servers: nothing leaves the machine that the person was not asked about before.

Read ``agreements.py`` first: what some work would send, and how it is allowed. ``asking.py`` draws the question,
``endpoints.py`` the line a language model is named in.
"""

from embedlab.ui.consent.agreements import NotAgreedError, Sending, allow, sending_of, sent_by, within
from embedlab.ui.consent.asking import ask, say_spent
from embedlab.ui.consent.endpoints import choose_endpoint, say_place

__all__ = [
    "NotAgreedError",
    "Sending",
    "allow",
    "ask",
    "choose_endpoint",
    "say_place",
    "say_spent",
    "sending_of",
    "sent_by",
    "within",
]
