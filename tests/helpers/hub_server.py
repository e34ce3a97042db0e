"""A hub on this machine: it answers what huggingface_hub asks of the real one, from folders of models."""

import contextlib
import hashlib
import json
import shutil
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlparse

from app_server import answering

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def keep_in_hub_cache(cache, hub_id, folder, commit=COMMIT, ref="main"):
    """Lay a model out as the hub's library keeps it after a download, without its list of files."""
    kept = Path(cache) / f"models--{hub_id.replace('/', '--')}"
    shutil.copytree(folder, kept / "snapshots" / commit)
    if ref:
        (kept / "refs").mkdir(parents=True)
        (kept / "refs" / ref).write_text(commit)
    return kept / "snapshots" / commit


@contextlib.contextmanager
def running_hub(models, gated=()):
    """Serve ``models``, a dict of hub id to folder, and yield the address for ``HF_ENDPOINT``."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.answer()

        def do_HEAD(self):
            self.answer()

        def answer(self):
            path = urlparse(self.path).path.strip("/")
            hub_id = "/".join(path.removeprefix("api/models/").split("/")[:2])
            if hub_id not in models:
                self.send(401, b"{}", {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"})
            elif path.startswith("api/models/"):
                files = [file for file in sorted(Path(models[hub_id]).rglob("*")) if file.is_file()]
                described = [describe(file, models[hub_id]) for file in files]
                info = {"id": hub_id, "sha": COMMIT, "siblings": described, "gated": hub_id in gated and "manual"}
                self.send(200, json.dumps(described if "/tree/" in path else info).encode())
            else:
                file = Path(models[hub_id], path.split(f"/resolve/{COMMIT}/")[1])
                content = file.read_bytes()
                self.send(200, content, {"ETag": f'"{hashlib.sha1(content).hexdigest()}"', "X-Repo-Commit": COMMIT})

        def send(self, status, content, headers=()):
            self.send_response(status)
            for name, value in {**dict(headers), "Content-Length": len(content)}.items():
                self.send_header(name, str(value))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def log_message(self, *arguments):
            pass

    with answering(Answers) as address:
        yield address


def describe(file, folder):
    """A file as the hub's lists name it, in both of their dialects."""
    name, content = str(file.relative_to(folder)), file.read_bytes()
    blob = hashlib.sha1(content).hexdigest()
    return {"type": "file", "path": name, "rfilename": name, "size": len(content), "oid": blob, "blobId": blob}
