"""One run at a time writes to a place; who is dead holds nothing."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sim.errors import HeldError, InputError, ResumeError
from sim.files.folder import hold_results

REPOSITORY = Path(__file__).resolve().parents[3]
HOLDER = """\
import sys, time
from sim.files.folder import hold_results
with hold_results(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds a folder."""
    program = [sys.executable, "-c", HOLDER, str(tmp_path / "mine")]
    surroundings = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(program, env=surroundings, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_another_process_is_named(holder, tmp_path):
    said = rf"mine: another run .* process {holder.pid} on .+, since 2.+ \(-c .*mine\)\nWait until"
    with pytest.raises(HeldError, match=said), hold_results(tmp_path / "mine"):
        pass
    assert issubclass(HeldError, ResumeError)  # which exits with 3


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_lock_of_a_killed_process_is_taken_over(holder, tmp_path):
    litter = tmp_path / "mine" / ".x.csv.0123abcd.unfinished"
    litter.write_bytes(b"half")
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / "mine" / ".egocohort.lock").exists()
    with hold_results(tmp_path / "mine"):
        assert str(os.getpid()) in (tmp_path / "mine" / ".egocohort.lock").read_text()
        assert not litter.exists()
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_thread_may_hold_once_more_and_another_may_not(tmp_path):
    refused = []

    def another():
        with pytest.raises(HeldError), hold_results(tmp_path):
            pass
        refused.append(1)

    def try_another():
        thread = threading.Thread(target=another)
        thread.start()
        thread.join()

    with hold_results(tmp_path):
        with hold_results(tmp_path):
            try_another()
        try_another()
    assert len(refused) == 2
    with hold_results(tmp_path):
        pass


def test_what_was_made_for_nothing_is_gone_and_what_was_written_stays(tmp_path):
    with hold_results(tmp_path / "a" / "b"):
        pass
    assert list(tmp_path.iterdir()) == []
    with hold_results(tmp_path / "a" / "b"):
        (tmp_path / "a" / "x").write_text("mine")
    assert [one.name for one in (tmp_path / "a").iterdir()] == ["x"]


def test_a_file_is_no_folder_for_results(tmp_path):
    (tmp_path / "x").write_text("mine")
    with pytest.raises(InputError, match="x: not a folder"), hold_results(tmp_path / "x"):
        pass
