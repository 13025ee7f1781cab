"""A plan that is killed and taken up again ends with the same bytes as one that was not."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import egocohort as ec
from sim.files.folder import hold_results

REPOSITORY = Path(__file__).resolve().parents[2]
STUDY = """\
id = "mine"
title = "A trial of two arms"
[recruitment]
n = 40
[arms]
share = { control = 1, treated = 1 }
[waves]
weeks = [0, 26, 52]
[participation]
retention = [0.9, 0.8]
mechanism = "MAR"
[plan]
chance = 0.8
people_at_most = 200
[[plan.question]]
outcome = "swemwbs"
analysis = "mmrm"
[plan.panel]
outcome = "swemwbs"
sd = 4
correlation = 0.6
[plan.panel.effect]
treated = [0.5, 0.7]
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills a process")


def command(out, *words):
    given = ("plan", "mine.toml", "--out", out, "--threads", 2, *words)
    return [sys.executable, "-m", "egocohort", *map(str, given)]


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "mine.toml").write_text(STUDY)
    surroundings = {**os.environ, "PYTHONPATH": str(REPOSITORY)}

    def run(out, *words):
        return subprocess.run(
            command(out, *words), cwd=tmp_path, env=surroundings, capture_output=True, text=True,
            check=False, timeout=300,
        )  # fmt: skip

    def killed(out, rows, *words):
        """Kill the run when it has written so many files of rows; whether it was in mid-run."""
        folder = tmp_path / out / "mine"
        with subprocess.Popen(
            command(out, *words), cwd=tmp_path, env=surroundings, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        ) as process:  # fmt: skip
            while process.poll() is None and len(list(folder.rglob("*.parquet"))) < rows:
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
        return process.returncode == -signal.SIGKILL and not (folder / "report.html").exists()

    return run, killed


def digests(folder):
    return {
        one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in folder.rglob("*")
        if one.is_file()
    }


def test_a_killed_run_goes_on_to_the_same_bytes(desk, invoke, tmp_path):
    _, killed = desk
    words = ("--seed", 3, "--n", 40, "--replicates", 2000)
    assert killed("cut", 3, *words)
    before = digests(tmp_path / "cut")
    assert 3 <= len(before) <= 11  # 8 of rows, the fingerprint, the lock, one unfinished
    assert invoke("plan", "mine.toml", "--out", "cut", "--threads", 1, *words).returncode == 0
    assert invoke("plan", "mine.toml", "--out", "whole", *words).returncode == 0
    after = digests(tmp_path / "cut")
    assert after == digests(tmp_path / "whole")
    assert {name for name in before if "/." not in name} <= set(after)


@pytest.mark.verify
def test_kills_anywhere_leave_no_trace(desk, tmp_path):
    """Twelve kills of a search, a curve and its extension, each at another point."""
    run, killed = desk
    words = ("--seed", 3, "--replicates", 2000)
    assert run("whole", *words).returncode == 0
    reached = len(list((tmp_path / "whole").rglob("*.parquet")))
    in_midst = 0
    for rows in np.linspace(1, reached - 1, 12).astype(int):
        in_midst += killed("cut", rows, *words)
    assert in_midst >= 8
    assert run("cut", *words).returncode == 0
    assert digests(tmp_path / "cut") == digests(tmp_path / "whole")


def test_a_run_goes_on_with_the_seed_that_is_there(invoke, tmp_path):
    (tmp_path / "mine.toml").write_text(STUDY)
    words = ("plan", "mine.toml", "--n", 40, "--replicates", 100, "--out", "here")
    first = invoke(*words)
    assert first.returncode == 0
    seed = first.stderr.split()[1]
    again = invoke(*words)
    assert f"seed {seed}, that of the results there" in again.stderr
    assert again.stdout == first.stdout


def test_more_replicates_keep_the_first(invoke, tmp_path):
    import pyarrow.parquet as pq

    (tmp_path / "mine.toml").write_text(STUDY)
    words = ("plan", "mine.toml", "--n", 40, "--seed", 3, "--out", "here")
    assert invoke(*words, "--replicates", 100).returncode == 0
    file = tmp_path / "here" / "mine" / "rows" / "n00040" / "from-0000000.parquet"
    few = pq.read_table(file)
    assert invoke(*words, "--replicates", 300).returncode == 0
    assert pq.read_table(file).slice(0, few.num_rows).equals(few)


@pytest.mark.parametrize(
    ("old", "new", "seed", "says"),
    [
        ("sd = 4", "sd = 5", 3, "plan.panel.sd was 4.0 and is 5.0"),
        ("", "", 4, "seed was 3 and is 4"),
    ],
)
def test_another_run_exits_3_and_touches_nothing(invoke, tmp_path, old, new, seed, says):
    (tmp_path / "mine.toml").write_text(STUDY)
    words = ("plan", "mine.toml", "--n", 40, "--replicates", 100, "--out", "here")
    assert invoke(*words, "--seed", 3).returncode == 0
    before = digests(tmp_path / "here")
    (tmp_path / "mine.toml").write_text(STUDY.replace(old, new) if old else STUDY)
    run = invoke(*words, "--seed", seed)
    assert run.returncode == 3
    assert says in run.stderr
    assert "Give another --out" in run.stderr
    assert "Traceback" not in run.stderr
    assert digests(tmp_path / "here") == before


def test_of_three_plans_into_one_folder_one_works_and_two_say_who_does(cli, tmp_path):
    (tmp_path / "mine.toml").write_text(STUDY)
    words = ("plan", "mine.toml", "--n", 40, "--replicates", 100, "--seed", 3, "--out", "here")
    others = []

    def while_two_more_try(*_):
        if not others:
            with ThreadPoolExecutor(2) as pool:
                others.extend(pool.map(lambda _: cli(*words), range(2)))

    asked = {"sizes": [40], "replicates": 100, "seed": 3, "progress": while_two_more_try}
    ec.plan(tmp_path / "mine.toml", out=tmp_path / "here", **asked)
    assert [other.returncode for other in others] == [3, 3]
    for other in others:
        assert f"another run is at work there: process {os.getpid()} on " in other.stderr
        assert "since 2" in other.stderr
        assert "Wait until it has ended, or give another --out." in other.stderr
        assert other.stdout == ""
    ec.plan(tmp_path / "mine.toml", out=tmp_path / "alone", **asked)
    assert digests(tmp_path / "here") == digests(tmp_path / "alone")


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "mine.toml", "--cheapest", "--seed", 1, "--out", "."),
        ("saturation", "qualitative-saturation", "--seed", 1, "--out", "mine"),
        ("patterns", "P24", "--quick", "--seed", 1, "--out", "mine"),
        ("sensitivity", "--band", "--quick", "--seed", 1, "--out", "mine"),
        ("calibrate", "founding-paper", "--quick", "--seed", 1, "--out", "mine"),
        ("evidence", "--seed", 1, "--out", "mine"),
    ],
)
def test_no_verb_works_in_a_folder_where_another_run_does(invoke, tmp_path, words):
    (tmp_path / "mine.toml").write_text(STUDY)
    taken, done = threading.Event(), threading.Event()

    def another():
        with hold_results(tmp_path / "mine"):
            taken.set()
            done.wait()

    thread = threading.Thread(target=another)
    thread.start()
    taken.wait()
    run = invoke(*words)
    done.set()
    thread.join()
    assert run.returncode == 3
    assert "mine: another run is at work there" in run.stderr
