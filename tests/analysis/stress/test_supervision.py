"""Whatever a user's code does, there is an answer for each study, and no process is left."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import uuid
from pathlib import Path

import pytest

from analysis.stress.answers import rows_of_reply
from analysis.stress.code import Limits, user_code
from analysis.stress.workers.hand import Hand
from tests.analysis.stress.processes import marked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")
GOOD = "{'m': {'estimate': 1.0, 'lo': 0.0, 'hi': 2.0}}"
LIMITS = Limits(seconds=20, memory=400, output=1)
SHORT = LIMITS._replace(seconds=2)

BAD = {  # what the code does for a study whose seed is odd, and what becomes of that study
    "sleeps": ("import time; time.sleep(60)", "out of time"),
    "leaks memory": (
        "there = []\nwhile True: there.append(bytearray(b'1' * 10**7))", "out of memory",
    ),
    "prints a gigabyte": (
        "import sys\nfor _ in range(1000): sys.stdout.write('x' * 10**6)", "too much output",
    ),
    "writes a gigabyte past Python": (
        "import os\nfor _ in range(1000): os.write(1, b'x' * 10**6)", "too much output",
    ),
    "raises": ("raise ValueError('no such luck')", "crashed"),
    "leaves": ("import sys; sys.exit(0)", "crashed"),
    "ends at once": ("import os; os._exit(0)", "crashed"),
    "kills itself": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "crashed"),
    "crashes": ("import ctypes; ctypes.string_at(0)", "crashed"),
    "ends its keeper": ("import os, signal; os.kill(os.getppid(), signal.SIGKILL)", "crashed"),
    "returns nothing": ("return None", "crashed"),
    "returns an empty answer": ("return {}", "missing term"),
    "returns NaN": ("return {'m': {'estimate': float('nan'), 'lo': 0, 'hi': 1}}", "not finite"),
    "returns an infinite interval": (
        "return {'m': {'estimate': 1, 'lo': -float('inf'), 'hi': float('inf')}}", "not finite",
    ),
    "returns a huge answer": ("return {'m' * 100 * k: {} for k in range(1000)}", "missing term"),
    "deletes its input": (
        "import shutil, os; shutil.rmtree(os.getcwd(), ignore_errors=True)", "usable",
    ),
    "deletes all its folders": (
        "import shutil, os; shutil.rmtree(os.environ['HOME'], ignore_errors=True)", "usable",
    ),
    "closes its pipes": ("import os; os.closerange(3, 50)", "crashed"),
    "forks a daemon": (
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.closerange(0, 100)
                time.sleep(600)
            os._exit(0)
        """, "usable",
    ),
    "forks and sleeps": (
        """
        import os, time
        for _ in range(5):
            if os.fork() == 0:
                time.sleep(600)
        time.sleep(600)
        """, "out of time",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def everything_bad(tmp_path_factory):
    """A process of code that does, by the seed of a study, one of the bad things; and its mark."""
    lines = ["def fit(study):"]
    for k, (does, _) in enumerate(BAD.values()):
        body = textwrap.indent(textwrap.dedent(does).strip("\n"), "        ")
        lines += [f"    if study.seed == {k}:", body]
    file = tmp_path_factory.mktemp("bad") / "mine.py"
    file.write_text("\n".join([*lines, f"    return {GOOD}", ""]))
    mark = f"mark-{uuid.uuid4().hex}"
    code = user_code(f"{file}:fit")
    with Hand(code, LIMITS, {"MARK": mark}) as slow, Hand(code, SHORT, {"MARK": mark}) as fast:
        yield slow, fast, mark
    assert marked(mark) == []


@pytest.mark.parametrize("what", BAD)
def test_bad_code_has_a_row_and_the_next_study_its_own(everything_bad, small_tables, what):
    slow, fast, mark = everything_bad
    hand = fast if BAD[what][1] == "out of time" else slow
    seeds = (list(BAD).index(what), 1000)
    bad, next_one = (rows_of_reply(hand.ask(small_tables, seed), ["m"])[0] for seed in seeds)
    assert bad.status == BAD[what][1], bad.log
    assert next_one.status == "usable", next_one.log
    assert len(marked(mark, most=2)) <= 2  # the processes themselves


PROGRAMS = {
    "writes nothing": ("exit 0", "no answer"),
    "sleeps": ("sleep 60", "out of time"),
    "fails": ("echo 'it went wrong' >&2; exit 3", "crashed"),
    "prints without end": ("yes", "too much output"),
    "deletes its input": ("rm -f *.csv", "no answer"),
    "writes something else": ("echo 'nothing of use' > estimates.csv", "missing term"),
    "writes a gigabyte": ("head -c 2000000000 /dev/zero > estimates.csv", "crashed"),
    "writes no number": (
        "printf 'term,estimate,lo,hi\\nm,one,0,2\\n' > estimates.csv", "malformed",
    ),
    "leaves NA": ("printf 'term,estimate,lo,hi\\nm,NA,0,2\\n' > estimates.csv", "not finite"),
    "leaves a daemon": (
        "setsid sleep 600 & printf 'term,estimate,lo,hi\\nm,1,0,2\\n' > estimates.csv", "usable",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("does", "status"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_any_program_has_a_row(write, small_tables, does, status):
    mark = f"mark-{uuid.uuid4().hex}"
    script = write(f"{does}\n", "mine.sh")
    limits = SHORT if status == "out of time" else LIMITS
    with Hand(user_code(f"sh {script}"), limits, {"MARK": mark}) as hand:
        (row,) = rows_of_reply(hand.ask(small_tables, 1), ["m"])
    assert row.status == status
    assert marked(mark) == []


def test_the_end_of_what_was_printed_is_kept(write, small_tables):
    script = write("seq 1 5000; echo 'it went wrong' >&2; exit 3\n", "mine.sh")
    with Hand(user_code(f"sh {script}"), LIMITS) as hand:
        log = hand.ask(small_tables, 1).log
    assert log.endswith("it went wrong")
    assert "exit code 3" in log
    assert len(log) <= 2100


def test_no_secret_of_the_environment_is_passed_on(write, small_tables, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "secret")
    code = write(
        "import os\ndef fit(study):\n"
        "    seen = float('MY_TOKEN' in os.environ)\n"
        "    return {'m': {'estimate': seen, 'lo': 0, 'hi': 1}}\n"
    )
    with Hand(user_code(code), LIMITS) as hand:
        (row,) = rows_of_reply(hand.ask(small_tables, 1), ["m"])
    assert row.estimate == 0


def test_a_file_may_be_called_as_a_room_of_ours(write, small_tables):
    code = write(f"import egocohort\ndef fit(study):\n    return {GOOD}\n", "analysis.py")
    with Hand(user_code(code), LIMITS) as hand:
        (row,) = rows_of_reply(hand.ask(small_tables, 1), ["m"])
    assert row.status == "usable", row.log


def test_nothing_is_left_when_egocohort_itself_is_killed(write, tmp_path):
    mark = f"mark-{uuid.uuid4().hex}"
    code = write(
        "import os, time\ndef fit(study):\n"
        "    if os.fork() == 0:\n        os.setsid()\n        time.sleep(600)\n"
        "    time.sleep(600)\n"
    )
    run = (
        "import sys; from analysis.stress.workers.hand import Hand, ON_HAND;"
        "from analysis.stress.code import *; import pyarrow as pa;"
        "tables = {n: pa.table({'x': [1]}) for n in ON_HAND};"
        f"hand = Hand(user_code({code!r}), Limits(), {{'MARK': {mark!r}}});"
        "print(hand._home, flush=True); hand.ask(tables, 1)"
    )
    parent = subprocess.Popen([sys.executable, "-c", run], stdout=subprocess.PIPE, text=True)
    home = Path(parent.stdout.readline().strip())
    until = time.monotonic() + 30
    while len(marked(mark, 0)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(marked(mark, 0)) == 2
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert marked(mark, 10) == []
    until = time.monotonic() + 10
    while home.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not home.exists()


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize(
    ("does", "status"),
    [
        ("stop('it went wrong')", "crashed"),
        ("quit('no', 3)", "crashed"),
        ("Sys.sleep(60)", "out of time"),
        ("unlink('egos.csv')", "usable"),
        ("x <- NA", "not finite"),
    ],
)
def test_a_script_of_r_has_a_row_and_the_next_study_its_own(write, small_tables, does, status):
    script = write(
        "x <- 1\nodd <- as.numeric(Sys.getenv('EGOCOHORT_SEED')) %% 2 == 1\n"
        f"if (odd) {does}\n"
        "write.csv(data.frame(term = 'm', estimate = x, lo = 0, hi = 2), 'estimates.csv')\n",
        "mine.R",
    )
    limits = SHORT if status == "out of time" else LIMITS
    with Hand(user_code(f"Rscript {script}"), limits) as hand:
        found = [rows_of_reply(hand.ask(small_tables, seed), ["m"])[0] for seed in (2, 1, 4)]
    assert [one.status for one in found] == ["usable", status, "usable"]


@pytest.fixture
def row_of_r(write, small_tables):
    """The row of a script of R that says something, and then gives an estimate."""

    def row(says, command="Rscript"):
        script = write(
            f"{says}\n"
            "write.csv(data.frame(term = 'm', estimate = 1, lo = 0, hi = 2), 'estimates.csv')\n",
            "mine.R",
        )
        with Hand(user_code(f"{command} {script}"), LIMITS) as hand:
            return rows_of_reply(hand.ask(small_tables, 1), ["m"])[0]

    return row


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_a_warning_of_r_is_heard(row_of_r):
    row = row_of_r("warning('too few')")
    assert (row.warned, row.log) == (True, "too few")


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("command", ["Rscript", "Rscript --vanilla"])
@pytest.mark.parametrize(
    ("says", "warned"),
    [
        ("message(\"boundary (singular) fit: see help('isSingular')\")", True),
        ("message('fitting')", False),
    ],
)
def test_a_singular_fit_is_a_warning_and_no_other_message_is(row_of_r, command, says, warned):
    row = row_of_r(says, command)
    assert (row.warned, row.status) == (warned, "usable")


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_what_is_deprecated_in_r_is_no_warning_of_a_study(row_of_r):
    row = row_of_r(".Deprecated('another')")
    assert (row.warned, row.log) == (False, "")


OF_LATER = """
import warnings
class Pandas4Warning(DeprecationWarning): ...
class Own(FutureWarning): ...
warnings.warn("soon", Pandas4Warning)
warnings.warn("later", PendingDeprecationWarning)
warnings.warn("then", Own)
"""


@pytest.mark.parametrize(("more", "warned"), [("", False), ("warnings.warn('few')", True)])
def test_warnings_of_later_versions_do_not_count(write, small_tables, more, warned):
    lines = [*OF_LATER.splitlines(), more]
    answer = "estimate,lo,hi\\n1,0,2\\n"
    program = write("\n".join([*lines, f"open('estimates.csv', 'w').write('{answer}')"]), "p.py")
    inside = "\n    ".join(["def fit(study):", *lines, "return {'estimate': 1, 'lo': 0, 'hi': 2}"])
    for code in (write(inside), f"{sys.executable} {program.removesuffix(':fit')}"):
        with Hand(user_code(code), LIMITS) as hand:
            (row,) = rows_of_reply(hand.ask(small_tables, 1), ["m"])
        assert (row.warned, row.status) == (warned, "usable"), code
