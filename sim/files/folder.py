"""A folder is written whole or not at all, and replaced in one step.

It is made beside its place under the name ``.NAME.<hex>.unfinished``. To replace one, the two
exchange their names where the system can do that. Elsewhere the old one goes aside as
``.NAME.<hex>.old`` first; if the run is killed before the new one has the name, whoever opens the
place next brings the old one back.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from os.path import lexists
from pathlib import Path

from sim.errors import HeldError, RunError
from sim.files import system
from sim.files.lock import hold
from sim.files.whole import UNFINISHED, beside, hidden_name, remove_each, write_new

__all__ = ["hold_place", "hold_results", "mend", "write_folder"]

OLD = ".old"
LOCK = ".lock"
LOCK_INSIDE = f".egocohort{LOCK}"
LOOKS, PAUSE = 100, 0.01  # at a folder that another run is just replacing


@contextmanager
def hold_place(folder: Path) -> Iterator[None]:
    """Keep other runs from writing a folder that is written whole; mend it, and clear up.

    Raises
    ------
    sim.errors.HeldError, sim.errors.InputError, sim.errors.RunError
        As in `sim.files.lock.hold`.
    """
    with hold(folder, folder.with_name(f".{folder.name}{LOCK}")) as fresh:
        if fresh:
            _recover(folder)
        yield


@contextmanager
def hold_results(folder: str | Path | None) -> Iterator[None]:
    """Keep other runs from writing into a folder of results; clear up what killed ones left.

    Parameters
    ----------
    folder
        Made if need be, and removed again if nothing was written; None holds nothing.

    Raises
    ------
    sim.errors.HeldError, sim.errors.InputError, sim.errors.RunError
        As in `sim.files.lock.hold`.
    """
    if folder is None:
        yield
        return
    with hold(Path(folder), Path(folder) / LOCK_INSIDE) as fresh:
        if fresh:
            remove_each(Path(folder).glob(f".*{UNFINISHED}"))
        yield


def mend(folder: Path) -> None:
    """Before a folder is opened: bring it back if a run was killed while it replaced it."""
    for _ in range(LOOKS):
        if lexists(folder) or not beside(folder, OLD):
            return
        try:
            with hold_place(folder):
                return
        except HeldError:
            time.sleep(PAUSE)
        except RunError:  # a disk that cannot be written: the opener says what is missing
            return


def write_folder(folder: Path, contents: Mapping[str, bytes], ready: Callable[[], None]) -> None:
    """Write all files of a folder and move it into place; whoever calls holds the place.

    Parameters
    ----------
    folder
        Replaced if it is there. Its parent must be.
    contents
        Bytes by path, in the order of writing.
    ready
        Called when all is written, before anything is replaced; raises if it must not be.

    Raises
    ------
    sim.errors.RunError
        If the disk is full or cannot be written. Nothing is left behind.
    """
    hidden = hidden_name(folder)
    try:
        for path, data in contents.items():
            (hidden / path).parent.mkdir(parents=True, exist_ok=True)
            write_new(hidden / path, data)
        for made in {(hidden / path).parent for path in contents} | {hidden}:
            system.sync_folder(made)
        ready()
        _move(hidden, folder)
    except OSError as error:
        raise RunError(f"{folder}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _move(hidden: Path, folder: Path) -> None:
    """Give a folder its name; what had it before is left under the hidden one."""
    if not lexists(folder):
        hidden.rename(folder)
    elif not system.exchange(hidden, folder):
        _replace(hidden, folder)
    with suppress(OSError):  # the new one is there and whole
        system.sync_folder(folder.parent)


def _replace(hidden: Path, folder: Path) -> None:
    aside = hidden.with_suffix(OLD)
    folder.rename(aside)
    try:
        hidden.rename(folder)
    except BaseException:
        aside.rename(folder)
        raise
    aside.rename(hidden)  # from here on it counts as litter, and nobody brings it back


def _recover(folder: Path) -> None:
    """Clear up after killed runs; none is at work, as the place is held."""
    for old in beside(folder, OLD):  # whole: what is to be removed gets the other ending first
        with suppress(OSError):
            old.rename(old.with_suffix(UNFINISHED) if lexists(folder) else folder)
    for litter in beside(folder, UNFINISHED):
        shutil.rmtree(litter, ignore_errors=True)
