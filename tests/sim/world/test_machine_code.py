"""Machine code from disk is run only as it was written, and by the user who wrote it."""

import os
import pickle
import runpy
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from sim.world import machine_code
from sim.world.compiled import compiled_into

OTHER_USER = 12345


def twice(x):
    return 2 * x


def run(folder):
    """Twice 21 by a dispatcher as a new process has it, and whether its code came from disk."""
    kernel = compiled_into(folder, twice)
    assert kernel(21) == 42
    return bool(sum(kernel.stats.cache_hits.values()))


@pytest.fixture
def kept(tmp_path):
    """The one file that holds the function's code."""
    assert not run(tmp_path)
    (file,) = tmp_path.iterdir()
    return file


def flipped(content, place):
    place = int(place * (len(content) - 1))
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


DAMAGES = {
    "empty": lambda content: b"",
    "half": lambda content: content[: len(content) // 2],
    "too long": lambda content: content + b"\0",
    "garbage": lambda content: os.urandom(len(content)),
    "a bare pickle": lambda content: pickle.dumps("0.60.0") + content[32:],
} | {f"a bit at {p}": lambda content, p=p: flipped(content, p) for p in (0, 0.001, 0.5, 0.9, 1)}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_noticed_and_mended(kept, damage):
    good = kept.read_bytes()
    kept.write_bytes(damage(good))
    assert not run(kept.parent)
    assert [*kept.parent.iterdir()] == [kept]
    assert run(kept.parent)


def test_code_under_the_name_of_another_signature_is_not_run(kept):
    assert compiled_into(kept.parent, twice)(1.5) == 3.0
    (other,) = set(kept.parent.iterdir()) - {kept}
    other.write_bytes(kept.read_bytes())
    assert compiled_into(kept.parent, twice)(1.5) == 3.0
    assert run(kept.parent)


def test_who_waits_for_it_is_told_when_code_must_be_compiled(kept, monkeypatch):
    monkeypatch.setattr(machine_code, "_told", [])
    told = []
    machine_code.before_compiling(lambda: told.append("compiling"))
    assert run(kept.parent)
    assert told == []
    kept.unlink()
    assert not run(kept.parent)
    assert told == ["compiling"]


def test_a_folder_in_the_place_of_a_file_is_done_without(kept):
    kept.unlink()
    kept.mkdir()
    assert not run(kept.parent)
    assert [*kept.parent.iterdir()] == [kept]


def test_a_changed_source_is_compiled_anew(tmp_path):
    (tmp_path / "kept").mkdir()
    results = []
    for place, factor in (("first", 2), ("copy", 2), ("changed", 3)):
        source = tmp_path / place / "once.py"
        source.parent.mkdir()
        source.write_text(f"FACTOR = {factor}\n\n\ndef once(x):\n    return x * FACTOR\n")
        kernel = compiled_into(tmp_path / "kept", runpy.run_path(str(source))["once"])
        results.append((kernel(1), sum(kernel.stats.cache_hits.values())))
    assert results == [(2, 0), (2, 1), (3, 0)]


class Evil:
    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


def plant(file, trace):
    """What someone who knows the format would write."""
    payload = pickle.dumps(Evil(trace))
    file.unlink()
    file.write_bytes(sha256(file.name.encode() + payload).digest() + payload)


def owned_by_another(file):
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(file, OTHER_USER, -1)


@pytest.mark.skipif(os.name == "nt", reason="files have no mode there")
@pytest.mark.parametrize(
    "give",
    [lambda file: file.chmod(0o666), lambda file: file.chmod(0o620), owned_by_another],
    ids=["all may write", "the group may write", "another's"],
)
def test_code_that_another_could_have_written_is_not_even_read(kept, tmp_path_factory, give):
    trace = tmp_path_factory.mktemp("elsewhere") / "executed"
    plant(kept, trace)
    give(kept)
    assert not run(kept.parent)
    assert not trace.exists()
    assert run(kept.parent)


def test_the_planted_code_would_have_been_executed(kept, tmp_path_factory):
    trace = tmp_path_factory.mktemp("elsewhere") / "executed"
    plant(kept, trace)
    with pytest.raises(TypeError):
        run(kept.parent)
    assert trace.exists()


def test_a_folder_that_goes_away_is_done_without(tmp_path):
    assert not run(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


COLORAMA = """
__version__ = "1"
class Fore:
    def __getattr__(self, name): return "\\x1b[1m"
Fore = Style = Fore()
def init(*_, **__): pass
reinit = deinit = init
"""


def test_compiling_warns_of_nothing_with_colours_or_without(tmp_path):
    (tmp_path / "colorama.py").write_text(COLORAMA)
    (tmp_path / "drawing.py").write_text(
        "from sim.world.streams import philox, uniform\n\n\n"
        "def drawn(key):\n"
        "    total = 0.0\n"
        "    for n in range(3):\n"
        "        a, b, c, d = philox(1, n, 0, 0, key)\n"
        "        total += uniform(a)\n"
        "    for n in range(3):\n"
        "        a, b, c, d = philox(2, n, 0, 0, key)\n"
        "        total += uniform(a)\n"
        "    return total\n"
    )
    code = (
        "import colorama, drawing\n"
        "from sim.world.compiled import compiled_into\n"
        "from sim.world.streams import key_of, key_pair\n"
        "compiled_into(None, drawing.drawn)(key_pair(key_of(1)))\n"
    )
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_change_in_a_file_that_a_function_imports_from_is_another_code(tmp_path, monkeypatch):
    asked, found = [], []

    class SameProcessor:
        def magic_tuple(self):
            return ()

    def made_of(root):
        asked.append(root)
        return str(len(asked))

    monkeypatch.setattr(machine_code, "sources_hash", made_of)
    for _ in range(2):
        code = machine_code.MachineCode(tmp_path, twice, {})
        found.append(code._path("f8", SameProcessor()))
    assert found[0] != found[1]
    assert asked == [Path(__file__)] * 2
