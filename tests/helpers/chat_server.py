"""A language model that computes its answer from the request, and one that does what it is told to do instead."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler

from app_server import answering

from embedlab.chat import read_endpoint


class ChatServer:
    """What a server was asked. ``answer`` makes what it says of words and texts; a string, or a whole answer."""

    def __init__(self):
        self.name, self.bodies, self.paths = "", [], []
        self.answer = honest
        self.lock = threading.Lock()

    def say(self, body):
        return self.answer(**json.loads(body["messages"][-1]["content"]))


def honest(words, texts):
    """A name of the first two words, and a sentence that says how many texts there are."""
    return json.dumps({"name": " ".join(words.split(", ")[:2]), "summary": f"{len(texts)} texts, such as: {texts[0]}"})


def obeying(words, texts):
    """What a text asks for behind "SAY:"; what an honest one says where none does."""
    asked = next((text.partition("SAY:")[2] for text in texts if "SAY:" in text), None)
    return honest(words, texts) if asked is None else asked


@contextlib.contextmanager
def replying_server():
    """Run one that says ``reply``, whatever it is asked."""
    with chat_server() as server:
        server.reply, server.endpoint = "", read_endpoint(server.name)
        server.say = lambda body: server.reply
        yield server


@contextlib.contextmanager
def chat_server():
    """Run one on a free port of this machine."""
    server = ChatServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with server.lock:
                server.bodies.append(body)
                server.paths.append(self.path)
            said = server.say(body)
            whole = (
                said if isinstance(said, dict) else {"choices": [{"message": {"role": "assistant", "content": said}}]}
            )
            raw = json.dumps(whole).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_):
            pass

    with answering(Handler) as address:
        server.name = f"{address}/v1#llama3:8b"
        yield server
