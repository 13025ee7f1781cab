"""Errors of files taken back, from the log alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.data.bundle import read_bundle
from sim.data.disk import read_bytes
from sim.data.errors.log import LINKED, LogEntry, read_log
from sim.data.errors.respelling import RESPELLINGS
from sim.data.errors.sheets import AS_COLLECTED, NA, csv_rows, csv_text
from sim.errors import InputError

__all__ = ["errors_undone", "files_before_errors"]


def files_before_errors(folder: str | Path) -> dict[str, bytes]:
    """The files of a bundle as they were before errors were put in, to the byte.

    Parameters
    ----------
    folder
        A bundle that was made with errors.

    Returns
    -------
    dict of bytes
        By path: the files in ``as_collected``, and ``alters.csv``.

    Raises
    ------
    sim.errors.InputError
        If the folder is no bundle, has no errors, or its files were changed since.
    """
    bundle = read_bundle(folder)
    paths = [one for one in bundle.manifest["files"] if one.startswith(AS_COLLECTED)]
    if not paths:
        raise InputError(f"{folder}: was made without errors (no {AS_COLLECTED.rstrip('/')})")
    if changed := bundle.differences():
        raise InputError(f"{folder}: not as its manifest says: {', '.join(map(str, changed))}")
    files = {path: read_bytes(Path(folder) / path) for path in [*paths, LINKED]}
    return errors_undone(files, read_log(bundle.arrow("truth/corruption_log")))


def errors_undone(files: Mapping[str, bytes], log: Iterable[LogEntry]) -> dict[str, bytes]:
    """Files as they were before the errors of a log.

    Parameters
    ----------
    files
        By path, as the errors have left them.
    log
        In the order of truth/corruption_log.
    """
    by_file: dict[str, list[LogEntry]] = {path: [] for path in files}
    for entry in log:
        by_file[entry.file].append(entry)
    return {path: _undone(files[path], by_file[path]) for path in files}


def _undone(data: bytes, log: list[LogEntry]) -> bytes:
    whole = [entry.after for entry in log if entry.row_number == 0]
    header, *found = csv_rows(RESPELLINGS[whole[0]].mend(data) if whole else data.decode())
    rows: list[list[str] | None] = list(found)
    dropped: list[LogEntry] = []
    for entry in reversed(log):
        at = entry.row_number - 1
        row = rows[at] if 0 <= at < len(rows) else None
        if entry.variable and row is not None:
            row[header.index(entry.variable)] = entry.before or NA
        elif entry.row_number and entry.after:
            rows[at] = None
        elif entry.row_number:
            dropped.append(entry)
    kept = [row for row in rows if row is not None]
    for entry in sorted(dropped, key=lambda one: one.row_number):
        kept.insert(entry.row_number - 1, csv_rows(entry.before)[0])
    return csv_text([header, *kept]).encode()
