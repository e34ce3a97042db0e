"""What is sent to model servers: nothing leaves the machine that the person was not asked about before.

Read ``agreements.py`` first: what some work would send, and how it is allowed. ``asking.py`` draws the question.
"""

from embedlab.ui.consent.agreements import NotAgreedError, Sending, allow, sending_of
from embedlab.ui.consent.asking import ask, say_spent

__all__ = ["NotAgreedError", "Sending", "allow", "ask", "say_spent", "sending_of"]
