"""``embedlab serve`` beside what one would otherwise write: ``SentenceTransformer.encode`` behind starlette.

Each server is a process of its own, asked for the same texts by threads of this one over connections that stay open,
the servers taking turns. Texts a second say what a person gets; CPU seconds of the server for a thousand texts say what
it costs, and depend less on what else the machine does. ``encode`` is the encoder alone, called once with all texts.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psutil
import uvicorn
from _shared import print_table, short_texts
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import embedlab as el
from embedlab.models import DEFAULT_MODEL, catalog

PORTS = {"embedlab serve": 8431, "plain": 8432}


class Figures(NamedTuple):
    """Of one server in one situation."""

    texts_a_second: float
    cpu_seconds: float
    p50: float
    p95: float


def main() -> None:
    """Print a row for each server, size of request and number of clients."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=1024)
    parser.add_argument("--plain", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        serve_plainly(options.plain)
        return
    texts = short_texts(options.texts)
    print(f"{len(texts):,} texts, load {os.getloadavg()[0]:.1f}\n")
    rows = [f"encode | all | – | {said(alone(texts))}"]
    with started() as processes:
        for size in (1, 64):
            for n_clients in (1, 4, 16):
                for name, process in processes.items():
                    figures = asked(PORTS[name], process, texts, size, n_clients)
                    rows.append(f"{name} | {size} | {n_clients} | {said(figures)}")
                    print(rows[-1], file=sys.stderr, flush=True)
    print_table("server | texts a request | clients | texts a second | CPU s for 1,000 | p50 ms | p95 ms", rows)


def said(figures: Figures) -> str:
    """Return figures as they are printed."""
    return f"{figures.texts_a_second:,.0f} | {figures.cpu_seconds:.2f} | {figures.p50:.0f} | {figures.p95:.0f}"


def alone(texts: list[str]) -> Figures:
    """Encode all texts in this process, once a few have been."""
    encoder = el.load_encoder()
    encoder.encode(texts[:64])
    start, cpu = time.perf_counter(), time.process_time()
    encoder.encode(texts)
    seconds = time.perf_counter() - start
    return Figures(
        len(texts) / seconds, (time.process_time() - cpu) / len(texts) * 1000, seconds * 1000, seconds * 1000
    )


@contextmanager
def started() -> Iterator[dict[str, psutil.Process]]:
    """Start both servers and yield their processes."""
    ours = "import sys; from embedlab.cli import main; sys.exit(main())"
    commands = {
        "embedlab serve": ["-c", ours, "serve", "--model", DEFAULT_MODEL, "--port", str(PORTS["embedlab serve"])],
        "plain": [__file__, "--plain", str(PORTS["plain"])],
    }
    processes = {
        name: subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
        for name, command in commands.items()
    }
    try:
        for port in PORTS.values():
            _wait_for(port)
        yield {name: psutil.Process(process.pid) for name, process in processes.items()}
    finally:
        for process in processes.values():
            process.terminate()


def _wait_for(port: int) -> None:
    while True:
        try:
            _ask(http.client.HTTPConnection("127.0.0.1", port), ["warm"])
        except OSError:
            time.sleep(0.5)
        else:
            return


def asked(port: int, process: psutil.Process, texts: list[str], size: int, n_clients: int) -> Figures:
    """Ask a server for all texts, each client for the next request that nobody has taken."""
    waiting = deque(texts[start : start + size] for start in range(0, len(texts), size))
    took: list[float] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while True:
            try:
                some = waiting.popleft()
            except IndexError:
                return
            began = time.perf_counter()
            _ask(connection, some)
            took.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=client) for _ in range(n_clients)]
    before, start = process.cpu_times(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, after = time.perf_counter() - start, process.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    took.sort()
    return Figures(len(texts) / seconds, cpu / len(texts) * 1000, took[len(took) // 2], took[len(took) * 95 // 100])


def _ask(connection: http.client.HTTPConnection, texts: list[str]) -> None:
    body = json.dumps({"model": DEFAULT_MODEL, "input": texts, "encoding_format": "float"})
    connection.request("POST", "/v1/embeddings", body, {"Content-Type": "application/json"})
    found = json.load(connection.getresponse())
    assert len(found["data"]) == len(texts), found


def serve_plainly(port: int) -> None:
    """Serve the same weights as one would write it in a minute."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(catalog()[DEFAULT_MODEL].bundled_folder()), device="cpu")

    async def embeddings(request: Request) -> JSONResponse:
        asked = await request.json()
        vectors = await run_in_threadpool(model.encode, asked["input"], normalize_embeddings=True)
        data = [{"object": "embedding", "index": row, "embedding": v.tolist()} for row, v in enumerate(vectors)]
        return JSONResponse({"object": "list", "data": data, "model": asked["model"]})

    app = Starlette(routes=[Route("/v1/embeddings", embeddings, methods=["POST"])])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
