"""What is sent to model servers, and what a person has agreed to: nothing leaves the machine that she was not asked about.

Read ``agreements.py`` first: what some work would send, and how it is allowed. ``asking.py`` draws the question.
"""

from embedlab.ui.consent.agreements import NotAgreedError, Sending, allow, sending_of
from embedlab.ui.consent.asking import ask, say_spent

__all__ = ["NotAgreedError", "Sending", "allow", "ask", "say_spent", "sending_of"]
