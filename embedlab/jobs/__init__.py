"""Long work off the page: its progress, its end, its faults, and who is waiting for it.

Read ``job.py`` first: a piece of work. ``queue.py`` runs many, ``visits.py`` says who is here, ``faults.py`` notes what
nobody foresaw.
"""

from embedlab.jobs.faults import NO_MEMORY, record
from embedlab.jobs.job import Job, Report, Task
from embedlab.jobs.queue import Jobs
from embedlab.jobs.visits import Uses, Visitor

__all__ = ["Job", "Jobs", "NO_MEMORY", "Report", "Task", "Uses", "Visitor", "record"]
