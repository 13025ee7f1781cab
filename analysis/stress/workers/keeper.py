"""Keeper of one process of a user's: a program of its own, which needs nothing but Python.

It stands between egocohort and a user's code. It starts the code in a folder of its own, hands it
one job after the other, watches time, memory and output, and ends whatever was started when a
limit is passed, when it is told to, or when egocohort is no more, even by SIGKILL: then its own
input ends. On Linux it is the subreaper of all that its child starts, so a daemon comes back to it
and is found; elsewhere it ends the process group, which a program can leave.

Lines of JSON come in and go out: first how to start the code, then one for each job.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

__all__ = ["Keeper", "asked_line", "descendants", "proportional", "resident"]

SUBREAPER, DEATH_SIGNAL = 36, 1  # PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG of <linux/prctl.h>
ON_LINUX = sys.platform == "linux"
LOOK = 0.05  # seconds between two looks at memory
IDLE = 0.2  # seconds between two looks for daemons while there is no job
TAIL = 4000  # bytes of a log that are kept
LARGEST_ANSWER = 2**20
LARGEST_FILE = 2**28  # that the code may write
PATIENCE = 5.0  # seconds for killed processes to go
WARNED = re.compile(rb"warn|boundary \(singular\) fit", re.IGNORECASE)  # lme4 says the latter


def descendants(pid: int) -> list[int]:
    """Processes that a process has started, and those they have, as far as Linux says."""
    found: list[int] = []
    new = _children(pid)
    while new:
        found += new
        new = [child for parent in new for child in _children(parent)]
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.scandir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):
                found += map(int, Path(task.path, "children").read_text().split())
    return found


def resident(pids: list[int]) -> int:
    """Resident memory of some processes in bytes; of what cannot be seen, nothing."""
    pages = 0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def proportional(pids: list[int]) -> int:
    """The same with what processes share counted once; slower, where Linux says it at all."""
    kilobytes = 0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            kilobytes += int(text.partition("\nPss:")[2].split()[0])
    return kilobytes * 1024


def _prctl(what: int, value: int) -> None:
    if ON_LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(what, value, 0, 0, 0)


def _before_the_code() -> None:
    """In the child, before the user's code: it dies with the keeper, and fills no disk."""
    _prctl(DEATH_SIGNAL, signal.SIGKILL)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))


def asked_line() -> bytes:
    """The next line that comes in, and nothing after it, so that `select` sees what follows."""
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(0, 1)
        if not part:
            return b""
        line += part
    return line


class Keeper:
    """Starts, feeds, watches and ends one process of a user's.

    Parameters
    ----------
    how : dict
        ``command``, ``env``, ``home`` (removed in the end), ``serves`` (whether one process takes
        many jobs), ``memory`` (bytes), ``output`` (bytes), ``start`` (seconds).
    """

    def __init__(self, how: dict[str, Any]) -> None:
        self.how = how
        self.child: subprocess.Popen[bytes] | None = None
        self.jobs = self.answers = -1
        self.look = 0.0  # when memory is looked at next, which is not with every job
        self.log, self.said, self.warned = b"", 0, False
        self.woken, wake = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(self.woken, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)

    def job(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Do one job: how it ended, what came back, and the end of what was printed."""
        self.log, self.said, self.warned = b"", 0, False
        try:
            found = self._served(asked) if self.how["serves"] else self._once(asked)
        except OSError as error:
            found = {"ended": "not started", "said": error.strerror or str(error)}
        if found["ended"] == "answered" and self.how["serves"]:
            self._end_strays()
        else:
            self.end()
        log = self.log[-TAIL:].decode("utf-8", "replace")
        return {**found, "log": log, "warned": self.warned}

    def _once(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._start(asked["folder"], asked.get("env", {}), ())
        return self._watch(asked["seconds"])

    def _served(self, asked: dict[str, Any]) -> dict[str, Any]:
        if self.child is None:
            theirs, self.jobs = os.pipe()
            self.answers, mine = os.pipe()
            self._start(self.how["home"], {}, (theirs, mine))
            os.close(theirs)
            os.close(mine)
            begun = self._watch(self.how["start"])
            if begun["ended"] != "answered" or "error" in json.loads(begun["answer"]):
                return begun
        with contextlib.suppress(BrokenPipeError):
            os.write(self.jobs, json.dumps(asked).encode() + b"\n")
        return self._watch(asked["seconds"])

    def _start(self, folder: str, env: dict[str, str], fds: tuple[int, ...]) -> None:
        command = [*self.how["command"], *map(str, fds)]
        self.child = subprocess.Popen(
            command, cwd=folder, env={**self.how["env"], **env}, pass_fds=fds,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=_before_the_code, start_new_session=not ON_LINUX,
        )  # fmt: skip
        assert self.child.stdout is not None  # noqa: S101
        os.set_blocking(self.child.stdout.fileno(), False)

    def _watch(self, seconds: float) -> dict[str, Any]:
        """Wait for an answer, an end, or a limit."""
        until, answer = time.monotonic() + seconds, b""
        assert self.child is not None  # noqa: S101
        assert self.child.stdout is not None  # noqa: S101
        out = self.child.stdout.fileno()
        listened = [0, self.woken, out] + ([self.answers] if self.answers >= 0 else [])
        while True:
            now = time.monotonic()
            if now >= until:
                return {"ended": "out of time"}
            if now >= self.look:
                if self._is_too_large():
                    return {"ended": "out of memory"}
                self.look = now + LOOK
            ready, _, _ = select.select(listened, [], [], min(LOOK, until - now))
            if out in ready and not self._listen(out):
                listened.remove(out)
            if self.said > self.how["output"]:
                return {"ended": "too much output"}
            if self.answers in ready:
                answer += os.read(self.answers, 65536)
                if len(answer) > LARGEST_ANSWER:
                    return {"ended": "too much output"}
                if answer.endswith(b"\n"):
                    self._listen(out)
                    return {"ended": "answered", "answer": answer.decode("utf-8", "replace")}
            if 0 in ready:
                self._leave()
            self._drain_wakeups(ready)
            code = self.child.poll()
            if code is not None:
                self._listen(out)
                if self.said > self.how["output"]:
                    return {"ended": "too much output"}
                return {"ended": "exited", "code": code}

    def _is_too_large(self) -> bool:
        """Whether all that was started holds too much; forks share much of what they hold."""
        pids, most = descendants(os.getpid()), self.how["memory"]
        return resident(pids) > most and not 0 < proportional(pids) <= most

    def _drain_wakeups(self, ready: list[int]) -> None:
        if self.woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self.woken, 4096)

    def _listen(self, out: int) -> bool:
        """Take what is printed, keep its end; False when nothing will come any more."""
        while self.said <= self.how["output"]:
            try:
                part = os.read(out, 65536)
            except BlockingIOError:
                return True
            if not part:
                return False
            self.said += len(part)
            self.log = (self.log + part)[-TAIL - 65536 :]
            self.warned = self.warned or WARNED.search(part) is not None
        return True

    def _end_strays(self) -> None:
        """End daemons that the code has let go of: they are children of this process now."""
        mine = self.child.pid if self.child else 0
        strays = [pid for pid in _children(os.getpid()) if pid != mine] if ON_LINUX else []
        for pid in [one for stray in strays for one in (stray, *descendants(stray))]:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        for pid in strays:
            with contextlib.suppress(OSError):
                os.waitpid(pid, 0)

    def end(self) -> None:
        """End the code and everything it has started."""
        until = time.monotonic() + PATIENCE
        child = self.child
        if child is not None and not ON_LINUX:
            with contextlib.suppress(OSError):
                os.killpg(child.pid, signal.SIGKILL)
        while ON_LINUX and (alive := descendants(os.getpid())) and time.monotonic() < until:
            for pid in alive:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            self._reap()
            time.sleep(0.002)
        if child is not None:
            with contextlib.suppress(OSError):
                child.wait(PATIENCE)
            if child.stdout is not None:
                child.stdout.close()
        for fd in (self.jobs, self.answers):
            if fd >= 0:
                os.close(fd)
        self.child, self.jobs, self.answers = None, -1, -1

    def _reap(self) -> None:
        if self.child is not None:
            self.child.poll()
        for pid in _children(os.getpid()):
            if self.child is None or pid != self.child.pid:
                with contextlib.suppress(OSError):
                    os.waitpid(pid, os.WNOHANG)

    def _leave(self) -> None:
        """Nobody asks any more: end everything, and go."""
        self.end()
        shutil.rmtree(self.how["home"], ignore_errors=True)
        os._exit(0)

    def _next_line(self) -> bytes:
        """The next job; until it comes, daemons that come back late are ended too."""
        while not select.select([0], [], [], IDLE)[0]:
            self._end_strays()
        return asked_line()

    def serve(self) -> None:
        """Take jobs until nobody asks any more."""
        while line := self._next_line():
            found = json.dumps(self.job(json.loads(line)))
            try:
                os.write(1, found.encode() + b"\n")
            except BrokenPipeError:
                break
        self._leave()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(SUBREAPER, 1)
    Keeper(json.loads(asked_line())).serve()
