"""The texts for a protocol as a file that people edit: what was edited is never replaced.

The last line is a comment of Markdown with the digest of what stands above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from analysis.planning.report.protocol.document import Protocol

__all__ = ["NEW", "PROTOCOL", "flow_file", "is_edited", "kept_protocol", "protocol_file"]

PROTOCOL, NEW = "protocol.md", "protocol.new.md"
LAST_LINE = "<!-- as egocohort wrote it: {digest}; an edited file is kept, the next is {new} -->\n"
PEOPLE = re.compile(r"(?:will|would) enrol\s+([\d,]+) people")
LAST = re.compile(r"<!-- as egocohort wrote it: ([0-9a-f]{64});.*-->\n\Z")


def protocol_file(out: Path, text: str) -> dict[str, str]:
    """The name of the file and what is to stand in it.

    Parameters
    ----------
    out
        The folder; where it has a protocol that somebody edited, the new one gets another name.
    text
        Markdown, ending in a new line.
    """
    name = NEW if is_edited(out / PROTOCOL) else PROTOCOL
    digest = _digest(f"{text}\n")
    return {name: f"{text}\n" + LAST_LINE.format(digest=digest, new=NEW)}


def kept_protocol(files: Sequence[Path]) -> str:
    """That an edited protocol was kept, and how many people each speaks of if they differ.

    Parameters
    ----------
    files
        That were written; the words are empty if the new texts got no other name.
    """
    new = next((one for one in files if one.name == NEW), None)
    if new is None:
        return ""
    before, after = (_people(one) for one in (new.with_name(PROTOCOL), new))
    differ = ""
    if before and after and before != after:
        differ = f": it says {before} people, the new texts {after}"
    return f"{PROTOCOL} was edited and is kept, the new texts are {NEW}{differ}"


def _people(file: Path) -> str | None:
    """How many a protocol says will be enrolled; None if it does not say so any more."""
    found = PEOPLE.search(file.read_text("utf-8", "replace"))
    return found and found[1]


def flow_file(texts: Protocol) -> dict[str, Figure]:
    """The picture of participants by its name; none of a number that is not to be used."""
    if texts.flow is None:
        return {}
    from analysis.planning.report.flow_figure import flow_figure

    return {"flow.png": flow_figure(texts.flow, texts.unit)}


def is_edited(file: Path) -> bool:
    """Whether a protocol is there that is not as it was written."""
    if not file.is_file():
        return False
    text = file.read_bytes().replace(b"\r\n", b"\n").decode("utf-8", "replace")
    last = LAST.search(text)
    return last is None or _digest(text[: last.start()]) != last[1]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
