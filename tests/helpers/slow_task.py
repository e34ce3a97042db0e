"""A task that ends when a test lets it go."""

import threading

from patience import PATIENCE

from embedlab.jobs import Task

LET_GO = threading.Event()
SLOW = Task("slow", "Waiting", lambda report: LET_GO.wait(PATIENCE) and (report(1, 1) or "found"))
