"""Who is here: sessions and their end, signing in, and what others who use the same server may do.

Read ``departures.py`` first.
"""

from embedlab.ui.sessions import departures, sharing, signin

__all__ = ["departures", "sharing", "signin"]
