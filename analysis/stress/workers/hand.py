"""egocohort's end of a user's process: hands it studies, and says what came back."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import pyarrow as pa

from analysis.stress.code import Limits, UserCode
from analysis.stress.collected import GivenTable, as_table
from analysis.stress.workers import keeper, serve
from sim.data import serialise
from sim.data.tables import schema
from sim.errors import RunError

__all__ = ["ESTIMATES", "ON_HAND", "Hand", "Reply"]

ESTIMATES = "estimates.csv"
"""What a program writes."""
CLEANED = re.compile(r"cleaned-(\w{1,40})\.csv")
"""What it, or a function's process, writes of tables it has cleaned."""
ON_HAND = serve.TABLES
"""Tables that an analysis gets."""
LARGEST_TABLE, LARGEST_CLEANED, MOST_CLEANED = 2**20, 2**26, 16
START = 120.0
"""Seconds in which a process of many studies must be ready."""
MB = 2**20
ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")

PASSED_ON = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "LC_NUMERIC", "LC_TIME", "LC_COLLATE", "TZ", "R_HOME",
    "R_LIBS", "R_LIBS_USER", "R_LIBS_SITE", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV",
)  # fmt: skip
"""What a user's code sees of the environment: where programs are, and how numbers and dates are
written; nothing that may be a secret."""
FIXED = {
    "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "PYTHONWARNINGS": ",".join(f"ignore::{one.__name__}" for one in serve.OF_LATER),
}  # fmt: skip


class Reply(NamedTuple):
    """What came back of one study.

    Attributes
    ----------
    ended : str
        "answered", or why there is no answer: "crashed", "out of time", "out of memory",
        "too much output", "no answer", "malformed".
    rows : list of dict
        As the code gave them; empty without an answer.
    warnings : tuple of str
    log : str
        The end of what was printed, or the error.
    cleaned : tuple of (str, bytes or None)
        CSV files of tables that the code has cleaned, by its name for them; None of what is no
        file, or is over 64 MB.
    """

    ended: str
    rows: list[dict[str, Any]]
    warnings: tuple[str, ...]
    log: str
    cleaned: tuple[tuple[str, bytes | None], ...] = ()


class Hand:
    """One process of a user's code, started when it is first asked, and again after it ended.

    Parameters
    ----------
    code, limits
        What is run, and what it may use.
    settings : mapping of str to str
        Of the environment, beside what is passed on.

    Attributes
    ----------
    seconds : float
        That the code has had so far.
    """

    def __init__(
        self, code: UserCode, limits: Limits, settings: Mapping[str, str] | None = None
    ) -> None:
        self.code, self.limits, self.seconds = code, limits, 0.0
        self.settings = dict(settings or {})
        self._home = Path(tempfile.mkdtemp(prefix="egocohort-stress-"))
        self._jobs = 0
        self._keeper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Hand:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, tables: Mapping[str, GivenTable], seed: int) -> Reply:
        """Run the code on one study.

        Parameters
        ----------
        tables
            Of `ON_HAND`.
        seed
            For an analysis that draws.
        """
        self._jobs += 1
        folder = self._home / f"study-{self._jobs}"
        try:
            self._write(folder, tables)
            began = perf_counter()
            found = self._told(folder, seed)
            self.seconds += perf_counter() - began
            return self._reply(found, folder)
        except OSError as error:
            raise RunError(f"{folder}: cannot be written ({error.strerror})") from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """End the process and all it has started, and remove its folder."""
        self._end_keeper()
        shutil.rmtree(self._home, ignore_errors=True)

    def _write(self, folder: Path, tables: Mapping[str, GivenTable]) -> None:
        folder.mkdir(parents=True)
        if self.code.kind == "python":
            sink = pa.BufferOutputStream()
            for name in ON_HAND:
                table = as_table(name, tables[name])
                with pa.ipc.new_stream(sink, table.schema) as stream:
                    stream.write_table(table)
            (folder / serve.GIVEN).write_bytes(sink.getvalue())
            return
        for name in ON_HAND:
            (folder / f"{name}.csv").write_bytes(_csv_of(name, tables[name]))

    def _told(self, folder: Path, seed: int) -> dict[str, Any]:
        """What the keeper says of a job."""
        if self._keeper is None:
            self._keeper = self._begun()
        assert self._keeper.stdin is not None  # noqa: S101
        assert self._keeper.stdout is not None  # noqa: S101
        asked = {
            "folder": str(folder), "seed": str(seed), "seconds": self.limits.seconds,
            "env": {"EGOCOHORT_SEED": str(seed)},
        }  # fmt: skip
        if self.code.kind == "python":
            asked["seed"] = seed
        line = b""
        with suppress(BrokenPipeError):
            self._keeper.stdin.write(json.dumps(asked).encode() + b"\n")
            self._keeper.stdin.flush()
            line = self._keeper.stdout.readline()
        if not line.endswith(b"\n"):
            self._end_keeper()
            return {"ended": "exited", "code": -9, "log": "", "warned": False}
        return dict(json.loads(line))

    def _begun(self) -> subprocess.Popen[bytes]:
        """A keeper, told what to keep."""
        python = [sys.executable, "-I", "-S", keeper.__file__]
        process = subprocess.Popen(
            python, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True, env={"PATH": os.environ.get("PATH", "")},
        )  # fmt: skip
        how = {
            "command": self._command(), "env": self._environment(), "home": str(self._home),
            "serves": self.code.takes_many, "memory": self.limits.memory * MB,
            "output": self.limits.output * MB, "start": START,
        }  # fmt: skip
        assert process.stdin is not None  # noqa: S101
        process.stdin.write(json.dumps(how).encode() + b"\n")
        process.stdin.flush()
        return process

    def _command(self) -> list[str]:
        words = list(self.code.words)
        if self.code.kind == "python":
            root = str(Path(__file__).resolve().parents[3])
            return [sys.executable, "-P", serve.__file__, *words, root]
        if self.code.kind == "r":
            driver = str(Path(__file__).with_name("serve.R"))
            return [shutil.which("Rscript") or "Rscript", driver, *words]
        return words

    def _environment(self) -> dict[str, str]:
        passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        own = {"HOME": str(self._home), "TMPDIR": str(self._home)}
        return {**passed, **FIXED, **own, **self.settings}

    def _end_keeper(self) -> None:
        """Let the keeper end all; if it does not, or has been killed, end its group."""
        process, self._keeper = self._keeper, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _reply(self, found: dict[str, Any], folder: Path) -> Reply:
        answer = json.loads(found["answer"]) if found["ended"] == "answered" else {}
        log = answer.get("error") or found.get("log", "")
        log = ADDRESS.sub("0x", str(log).replace(str(folder), "(folder)"))
        log = log.replace(str(self._home), "(folder)").strip()[-2000:]
        warnings = tuple(answer.get("warnings", ()))
        if not self.code.takes_many and found["warned"]:
            warnings = ("the program printed a warning",)
        if found["ended"] in ("out of time", "out of memory", "too much output"):
            return Reply(found["ended"], [], warnings, log)
        if found["ended"] == "not started":
            return Reply("crashed", [], warnings, f"could not be started: {found['said']}")
        if "error" in answer or (found["ended"] == "exited" and found["code"] != 0):
            said = "" if "error" in answer else f"{_exit_words(found['code'])}\n"
            return Reply("crashed", [], warnings, f"{said}{log}".strip())
        if self.code.kind == "python":
            if "rows" not in answer:
                return Reply("crashed", [], warnings, f"the process ended itself\n{log}".strip())
            return Reply("answered", answer["rows"], warnings, log, _cleaned_in(folder))
        return _from_file(folder, warnings, log)


def _csv_of(name: str, table: GivenTable) -> bytes:
    """A table as the bundle has it, with its columns in the order in which they are here."""
    if isinstance(table, bytes):
        return table
    usual = schema(name).names
    if table.column_names == usual:
        return serialise.csv_bytes(name, table)
    text = serialise.csv_bytes(name, table.select(usual)).decode()
    order = [usual.index(one) for one in table.column_names]
    sink = io.StringIO()
    rows = csv.reader(io.StringIO(text))
    csv.writer(sink, lineterminator="\n").writerows([row[k] for k in order] for row in rows)
    return sink.getvalue().encode()


def _exit_words(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    with suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"


def _from_file(folder: Path, warnings: tuple[str, ...], log: str) -> Reply:
    """The rows that a program wrote."""
    file = folder / ESTIMATES
    try:
        if file.is_symlink() or not file.is_file():
            return Reply("no answer", [], warnings, f"wrote no {ESTIMATES}\n{log}".strip())
        if file.stat().st_size > LARGEST_TABLE:
            return Reply("too much output", [], warnings, f"{ESTIMATES} is over 1 MB")
        text = file.read_bytes().decode("utf-8-sig")
        rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(text), strict=True))
    except (OSError, UnicodeError, csv.Error) as error:
        return Reply("malformed", [], warnings, f"{ESTIMATES} cannot be read: {error}")
    return Reply("answered", [_row(one) for one in rows], warnings, log, _cleaned_in(folder))


def _cleaned_in(folder: Path) -> tuple[tuple[str, bytes | None], ...]:
    """Cleaned tables that lie in a folder."""
    found: list[tuple[str, bytes | None]] = []
    with suppress(OSError):
        files = [one for one in sorted(folder.iterdir()) if CLEANED.fullmatch(one.name)]
        for file in files[:MOST_CLEANED]:
            plain = file.is_file() and not file.is_symlink()
            small = plain and file.stat().st_size <= LARGEST_CLEANED
            name = file.name.removeprefix("cleaned-").removesuffix(".csv")
            found.append((name, file.read_bytes() if small else None))
    return tuple(found)


def _row(one: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in one.items() if key not in (None, "")}
