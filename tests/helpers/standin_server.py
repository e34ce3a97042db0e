"""HTTP for stand-ins of servers that do not run here: one object answers, and remembers what it was asked."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from app_server import answering


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    standin = None

    def log_message(self, *said):
        pass

    def answer(self):
        parts, length = urlsplit(self.path), int(self.headers["Content-Length"] or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        asked = parse_qs(parts.query, keep_blank_values=True)
        with self.standin.lock:
            self.standin.asked.append((self.command, parts.path, asked, body, dict(self.headers)))
            status, found = self.standin.answer(self.command, parts.path, asked, body, self.headers)
        said = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815 - as http.server calls them


@contextlib.contextmanager
def running(standin):
    """A stand-in while it is asked, with its address."""
    standin.asked, standin.lock = [], threading.Lock()
    with answering(type("AnswersOfOne", (Answers,), {"standin": standin})) as url:
        standin.address = f"{standin.kind}+{url}"
        yield standin
