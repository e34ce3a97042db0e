"""Texts through ``embedlab serve`` and back: equal to the local encoder, killed in the middle, resumed, and the cost.

    python benchmarks/hosted.py [N_TEXTS]

Starts a server on this machine, embeds the texts through it in a process that is killed when the server has answered
half of them, resumes, and embeds them here, too. Time is that of the processors, of the server and of who asks.
"""

import multiprocessing
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np
import psutil
from _shared import short_texts

import embedlab as el

MODEL = "all-MiniLM-L6-v2"
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    PORT = int(os.environ.setdefault("HOSTED_PORT", str(probe.getsockname()[1])))  # the asker's, too
ADDRESS = f"http://127.0.0.1:{PORT}"
NAME = f"{ADDRESS}/v1#{MODEL}"


def main() -> None:
    """Print what was sent, how far the embeddings are apart, and the processor time of either way."""
    texts = short_texts(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    command = [sys.executable, "-c", "from embedlab.cli import main; main()", "serve", "--model", MODEL]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([*command, "--port", str(PORT), "--precision", "float32"])
        try:
            _wait()
            found, by_server, by_client = _through(texts, Path(folder), psutil.Process(server.pid))
        finally:
            server.terminate()
            server.wait(30)
    encoder = el.load_encoder(MODEL, precision="float32")
    encoder.encode(texts[:64])
    began = time.process_time()
    local = encoder.encode(texts)
    here = time.process_time() - began
    print(f"largest difference to the local encoder: {np.abs(found - local).max():.1e}")
    both = by_server + by_client
    print(f"load {os.getloadavg()[0]:.1f}, processor time, so that little of it is the load's:")
    print(f"here {here:.1f} s; server {by_server:.1f} s, asker {by_client:.1f} s; x {both / here:.3f}")


def _through(texts: list[str], folder: Path, server: psutil.Process) -> tuple[np.ndarray, float, float]:
    """Embed through the server, killed once in the middle, and return vectors and processor seconds."""
    el.load_encoder(NAME).encode(texts[:64])  # warms up
    warm = _answered()
    before = _seconds(server)
    asker = multiprocessing.get_context("spawn").Process(target=_embed, args=(texts, folder))
    asker.start()
    while asker.is_alive() and _answered() < warm + len(texts) / 2:
        time.sleep(0.05)
    asker.kill()
    asker.join()
    while _waiting():  # what was under way is answered, or given up since nobody is there
        time.sleep(0.1)
    first = _answered() - warm
    store, encoder = el.EmbeddingStore(folder), el.load_encoder(NAME)
    missing = len(store.missing(encoder.spec(), texts))
    print(f"killed when {first:,} texts were answered; {len(texts) - missing:,} of them are kept")
    if not missing:
        raise SystemExit("All was answered before anybody could stop it. Take more texts.")
    began = time.process_time()
    found = store.encode(encoder, texts)
    seconds = time.process_time() - began
    print(f"answered by the server, both runs together: {_answered() - warm:,} of {len(texts):,}")
    # The asker that was killed took with it how long it worked; the second did the rest of the texts.
    return found, _seconds(server) - before, seconds * len(texts) / missing


def _embed(texts: list[str], folder: Path) -> None:
    el.EmbeddingStore(folder).encode(el.load_encoder(NAME), texts)


def _answered() -> int:
    return _count("texts_total")


def _waiting() -> int:
    return _count("waiting_texts")


def _count(name: str) -> int:
    with urllib.request.urlopen(f"{ADDRESS}/metrics") as answer:
        return int(re.findall(rf"^embedlab_{name} (\d+)", answer.read().decode(), re.MULTILINE)[0])


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _wait() -> None:
    for _ in range(1_200):
        try:
            urllib.request.urlopen(f"{ADDRESS}/health").close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


if __name__ == "__main__":
    main()
