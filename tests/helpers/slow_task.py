"""A task that ends when a test lets it go."""

import threading

from embedlab.jobs import Task

LET_GO = threading.Event()
SLOW = Task("slow", "Waiting", lambda report: LET_GO.wait(20) and (report(1, 1) or "found"))
