"""The same pieces on a cluster of Ray: started here or joined, with workers that fit.

Read ``encoding.py`` first; ``workers.py`` says how many workers there are, ``starting.py`` where they come from.
"""

from embedlab.bulk.ray.encoding import encode_on_ray, look_on_ray
from embedlab.bulk.ray.starting import connected
from embedlab.bulk.ray.workers import Node, Workers, choose_workers

__all__ = ["Node", "Workers", "choose_workers", "connected", "encode_on_ray", "look_on_ray"]
