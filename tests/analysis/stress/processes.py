"""Finding processes by a mark in their environment, which they take along wherever they go."""

import os
import time
from pathlib import Path


def marked(mark, seconds=5.0, most=0):
    """Processes with a mark, after those that are ending have had time to."""
    until = time.monotonic() + seconds
    while len(found := _with(mark)) > most and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _with(mark):
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if bytes(mark, "ascii") in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]
