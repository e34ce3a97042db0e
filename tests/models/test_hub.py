"""Models of the hub: on disk or not, looked up and fetched by the real client from a hub on this machine."""

import json
import os
import shutil
import subprocess
import sys
import textwrap

import huggingface_hub.constants
import numpy as np
import pytest
from hub_server import COMMIT, keep_in_hub_cache, running_hub

import embedlab as el
from embedlab.errors import ModelLoadError, ModelNotFetchedError
from embedlab.models import check_model_folder, find_card, find_model, hub

OTHER = "f" * 40


@pytest.fixture
def hub_cache(tmp_path, monkeypatch):
    """An empty cache of the hub's library."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def test_a_model_on_disk_loads_without_the_network(hub_cache, tiny_model):
    assert not hub.on_disk("nobody/tiny")
    folder = keep_in_hub_cache(hub_cache, "nobody/tiny", tiny_model(pooling_mode="mean"))
    assert hub.on_disk("nobody/tiny")
    assert hub.on_disk("nobody/tiny", COMMIT)
    assert not hub.on_disk("nobody/tiny", OTHER)
    assert find_model("nobody/tiny", may_fetch=False).folder == folder
    encoder = el.load_encoder("nobody/tiny", precision="float32", may_fetch=False)
    assert encoder.revision == COMMIT
    same = el.load_encoder(tiny_model(pooling_mode="mean"), precision="float32")
    assert np.array_equal(encoder.encode(["a b c"]), same.encode(["a b c"]))


def test_a_commit_fetched_by_itself_is_found_without_a_branch(hub_cache, tiny_model):
    keep_in_hub_cache(hub_cache, "nobody/tiny", tiny_model(), ref=None)
    assert find_model("nobody/tiny", may_fetch=False).revision == COMMIT


def test_a_catalog_model_is_taken_at_its_pinned_commit_only(hub_cache, tiny_model):
    keep_in_hub_cache(hub_cache, "intfloat/e5-small-v2", tiny_model(), commit=OTHER)
    with pytest.raises(ModelNotFetchedError, match="not on this machine yet") as caught:
        find_model("e5-small-v2", may_fetch=False)
    assert caught.value.hub_id == "intfloat/e5-small-v2"
    pinned = find_card("e5-small-v2").revision
    shutil.copytree(tiny_model(), hub_cache / "models--intfloat--e5-small-v2" / "snapshots" / pinned)
    assert find_model("e5-small-v2", may_fetch=False).revision == pinned


def test_a_plain_transformer_gets_the_pooling_its_card_names(hub_cache, tiny_model):
    keep_in_hub_cache(hub_cache, "BM-K/KoSimCSE-roberta", tiny_model())
    assert el.load_encoder("KoSimCSE-roberta", precision="float32", may_fetch=False).pooling_mode == "cls"


@pytest.mark.parametrize("missing", ["model.safetensors", "config.json"])
def test_an_interrupted_download_is_not_on_disk(hub_cache, tiny_model, missing):
    folder = keep_in_hub_cache(hub_cache, "nobody/tiny", tiny_model())
    (folder / missing).unlink()
    assert not hub.on_disk("nobody/tiny")


def test_a_missing_shard_is_not_on_disk(hub_cache, tiny_model):
    folder = keep_in_hub_cache(hub_cache, "nobody/tiny", tiny_model())
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}))
    assert not hub.on_disk("nobody/tiny")
    index.write_text("{")
    assert not hub.on_disk("nobody/tiny")


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x", "a/../b", "bert", "https://example.org/a", "a/b--c", "", "a/b c"]
)
def test_what_is_no_hub_id_is_never_looked_for(name):
    with pytest.raises(ModelLoadError, match="organisation/name"):
        hub.on_disk(name)


def test_offline_is_said_plainly():
    with pytest.raises(ModelLoadError, match=r"nobody/tiny is not on this machine.*cannot be reached"):
        hub.look_up("nobody/tiny")


def ask(code, endpoint, cache):
    """Run code against a hub in a process of its own, where the hub's library is online, and return what it prints."""
    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HF_HUB_OFFLINE": "0", "HF_HUB_CACHE": str(cache)}
    environment.pop("HF_TOKEN", None)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_look_up_and_fetch_take_safe_files_of_one_commit(tiny_model, tmp_path):
    folder = shutil.copytree(tiny_model(pooling_mode="mean"), tmp_path / "served")
    wanted = {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    wanted.pop("README.md", None)
    for refused in ("pytorch_model.bin", "modeling.py", "onnx.onnx"):
        (folder / refused).write_bytes(b"x" * 1000)
    code = """
        import json
        from embedlab.models import hub
        from embedlab.models import find_model

        found, seen = hub.look_up("nobody/tiny"), []
        before = hub.on_disk("nobody/tiny")
        folder = hub.fetch(found, lambda done, total: seen.append((done, total)))
        files = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
        print(json.dumps([found.revision, found.nbytes, before, seen[-1], seen == sorted(seen), sorted(files),
                          find_model("nobody/tiny", may_fetch=False).revision]))
    """
    with running_hub({"nobody/tiny": folder}) as endpoint:
        revision, nbytes, before, last, is_rising, files, loaded = ask(code, endpoint, tmp_path / "hub")
    assert (revision, loaded, before) == (COMMIT, COMMIT, False)
    assert nbytes == sum(wanted.values())
    assert last == [nbytes, nbytes]
    assert is_rising
    assert files == sorted(wanted)


def test_progress_can_end_a_download(tiny_model, tmp_path):
    code = """
        import json
        from embedlab.models import hub
        from embedlab.errors import Cancelled

        def stop(done, total):
            raise Cancelled("stopped")

        try:
            hub.fetch(hub.look_up("nobody/tiny"), stop)
        except Cancelled as error:
            print(json.dumps([str(error), hub.on_disk("nobody/tiny")]))
    """
    with running_hub({"nobody/tiny": tiny_model()}) as endpoint:
        assert ask(code, endpoint, tmp_path / "hub") == ["stopped", False]


def test_refusals_are_plain(tiny_model, tmp_path):
    pickled = shutil.copytree(tiny_model(), tmp_path / "pickled")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    code = """
        import json
        from embedlab.models import hub
        from embedlab.errors import ModelLoadError

        def say(hub_id):
            try:
                return hub.look_up(hub_id).hub_id
            except ModelLoadError as error:
                return str(error)

        print(json.dumps([say(name) for name in ("nobody/nothing", "nobody/gated", "nobody/pickled")]))
    """
    models = {"nobody/gated": tiny_model(), "nobody/pickled": pickled}
    with running_hub(models, gated=["nobody/gated"]) as endpoint:
        unknown, gated, unsafe = ask(code, endpoint, tmp_path / "hub")
    assert "no public model nobody/nothing" in unknown
    assert "gated" in gated
    assert "hf auth login" in gated
    assert "no safetensors weights" in unsafe


def test_folders_may_be_named_where_the_server_is_private_or_lists_them(tmp_path, monkeypatch):
    offered, secret = tmp_path / "offered", tmp_path / "secret"
    (offered / "mine").mkdir(parents=True)
    secret.mkdir()
    (offered / "way_out").symlink_to(secret)
    assert check_model_folder(str(secret), is_private=True) == secret.resolve()
    monkeypatch.setenv("EMBEDLAB_MODEL_FOLDERS", os.pathsep.join([str(tmp_path / "none"), str(offered)]))
    assert check_model_folder(str(offered / "mine"), is_private=False) == (offered / "mine").resolve()
    for refused in (secret, offered / ".." / "secret", offered / "way_out", tmp_path / "offered2", "/", "bad\0path"):
        with pytest.raises(ModelLoadError, match="cannot be used here|not the path"):
            check_model_folder(str(refused), is_private=False)
