"""Writing work whose n-th step fails, for every n.

`every_fault` runs a piece of work again and again, each time in a folder of its own. In the n-th
run its n-th step on the disk (a file made, a write, fsync, rename, exchange, mkdir, unlink ...)
goes wrong, in one of the ways of `FAULTS`:

    full     the step fails with ENOSPC, a write after half of its bytes; the next ones work
    broken   it fails with EIO, and so does every later step: nothing can be cleared away
    killed   the process is gone: every later step, of clearing away too, does not happen

After each, `whole` looks at what is on the disk and raises if it is neither old nor new. Then the
work runs undisturbed, must succeed, and leave nothing hidden. To put more work under it, give three
functions of a folder to `every_fault`; to know more steps, add them to `STEPS`.
"""

import errno
import os
from contextlib import ExitStack, contextmanager, suppress
from unittest import mock

from sim.errors import RunError
from sim.files import system

FAULTS = ("full", "broken", "killed")
STEPS = (
    "ftruncate", "fsync", "link", "mkdir", "open", "remove", "rename", "replace", "rmdir",
    "truncate", "unlink", "write",
)  # fmt: skip


class KilledError(BaseException):
    """The process is no more; nothing may catch this."""


class Disk:
    """A disk on which the nth step goes wrong; `went_wrong` says whether it came to that."""

    def __init__(self, nth, fault):
        self.nth, self.fault, self.steps = nth, fault, 0

    @property
    def went_wrong(self):
        return self.steps >= self.nth

    def step(self, name, real):
        def tried(*arguments, **keywords):
            if name == "open" and not arguments[1] & os.O_CREAT:
                return real(*arguments, **keywords)
            self.steps += 1
            if self.steps == self.nth and name == "write":
                handle, data = arguments
                real(handle, data[: len(data) // 2])
            if self.steps == self.nth or (self.went_wrong and self.fault != "full"):
                raise self.error()
            return real(*arguments, **keywords)

        return tried

    def error(self):
        if self.fault == "killed":
            return KilledError()
        number = errno.ENOSPC if self.fault == "full" else errno.EIO
        return OSError(number, os.strerror(number))


@contextmanager
def failing(nth, fault):
    """A context in which the nth step on the disk goes wrong."""
    disk = Disk(nth, fault)
    with ExitStack() as stack:
        for name in STEPS:
            stack.enter_context(mock.patch.object(os, name, disk.step(name, getattr(os, name))))
        swap = disk.step("exchange", system.exchange)
        stack.enter_context(mock.patch.object(system, "exchange", swap))
        yield disk


def every_fault(home, *, before, work, whole):
    """Let every step of some work go wrong in every way.

    Parameters
    ----------
    home
        An empty folder.
    before, work
        Called with a folder: makes what is there beforehand; does the work, over that.
    whole
        Called with a folder: returns whether the work's result is there; raises an AssertionError
        if there is neither that nor what was there before.

    Returns
    -------
    dict
        Number of steps that went wrong, by fault.
    """
    with mock.patch.object(os, "fsync", return_value=None):  # no power is lost, and time is saved
        return {fault: _each_step(home / fault, fault, before, work, whole) for fault in FAULTS}


def _each_step(home, fault, before, work, whole):
    nth = 0
    while True:
        nth += 1
        folder = home / str(nth)
        folder.mkdir(parents=True)
        before(folder)
        with failing(nth, fault) as disk, suppress(RunError, OSError, KilledError):
            work(folder)
        is_new = whole(folder)
        if not disk.went_wrong:
            assert is_new
            return nth - 1
        work(folder)
        assert whole(folder), f"not done after {fault} at step {nth}"
        left = [one.name for one in folder.rglob(".*")]
        assert left == [], f"left behind after {fault} at step {nth}"
