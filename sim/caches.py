"""Folders in which something may be kept that can be made again."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["cache_places"]


def cache_places() -> Iterator[Path]:
    """Where to keep it, best first: `EGOCOHORT_CACHE`, the user's cache, the temporary folder."""
    if asked := os.environ.get("EGOCOHORT_CACHE"):
        yield Path(asked)
    with suppress(RuntimeError):  # a user without a home
        home = os.environ.get("XDG_CACHE_HOME")
        yield (Path(home) if home else Path("~/.cache").expanduser()) / "egocohort"
    with suppress(OSError):  # not even a temporary folder
        yield Path(tempfile.gettempdir())
