"""A bundle outlives processes that are killed while they rewrite it."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
KILLS = 50

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills processes")


@pytest.fixture
def nursery():
    """Begin a writer in a folder, and kill it after some seconds."""
    program = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("small_bundle.py"))]
    with subprocess.Popen(
        program, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip

        def killed(out, exchanges, seconds):
            process.stdin.write(f"{out} {exchanges}\n")
            process.stdin.flush()
            writer = int(process.stdout.readline())
            time.sleep(seconds)
            os.kill(writer, signal.SIGKILL)
            assert process.stdout.readline() == "dead\n"

        yield killed
        process.stdin.close()


@pytest.mark.parametrize("exchanges", [True, False])
def test_kills_at_random_moments_leave_a_whole_bundle(nursery, small_bundle, tmp_path, exchanges):
    moments = random.Random(1)
    small_bundle.write(tmp_path, 1)
    in_midst, runs = 0, set()
    for _ in range(KILLS):
        nursery(tmp_path, exchanges, moments.uniform(0.001, 0.03))
        in_midst += len(list(tmp_path.glob(".*.unfinished"))) > 0
        runs.add(small_bundle.run_there(tmp_path))
    assert in_midst > 0
    assert len(runs) > 1
    small_bundle.write(tmp_path, 0)
    assert small_bundle.run_there(tmp_path) == 0
    assert [one.name for one in tmp_path.iterdir()] == [small_bundle.WHICH.folder_name]
