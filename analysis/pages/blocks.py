"""What a section of a text consists of, and how it is read and written as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Block", "Paragraph", "Picture", "Section", "Table", "as_markdown", "section_of"]

TITLE = "## "
LED = re.compile(r"\*\*(.+?)\*\* (.*)", re.DOTALL)
PICTURE = re.compile(r"!\[(.*)\]\((.*)\.png\)", re.DOTALL)


class Paragraph(NamedTuple):
    """Running text, with the words that lead into it."""

    text: str
    lead: str = ""


class Table(NamedTuple):
    """A table of words and numbers.

    Attributes
    ----------
    head : sequence of str
    rows : sequence of sequence of str
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Picture(NamedTuple):
    """The name of a picture, without its ending, and what it shows."""

    name: str
    shows: str


Block = Paragraph | Table | Picture


class Section(NamedTuple):
    """One text of a protocol.

    Attributes
    ----------
    title : str
    blocks : sequence of Block
    """

    title: str
    blocks: Sequence[Block]


def section_of(markdown: str) -> Section:
    """Read a section from its Markdown, as `analysis.pages.render.text` makes it."""
    title, *blocks = markdown.split("\n\n")
    return Section(title.removeprefix(TITLE), [_read(one) for one in blocks])


def _read(block: str) -> Block:
    if block.startswith("|"):
        head, _, *rows = map(_cells, block.split("\n"))
        return Table(head, rows)
    if shown := PICTURE.fullmatch(block):
        return Picture(shown[2], shown[1])
    led = LED.fullmatch(block)
    return Paragraph(led[2], led[1]) if led else Paragraph(block)


def _cells(row: str) -> list[str]:
    return [one.replace("\\|", "|") for one in row[2:-2].split(" | ")]


def as_markdown(sections: Sequence[Section]) -> str:
    """The sections as Markdown; pictures are PNG files beside it."""
    return "\n\n".join(
        "\n\n".join([f"{TITLE}{one.title}", *map(_block, one.blocks)]) for one in sections
    )


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"**{block.lead}** {block.text}" if block.lead else block.text
    if isinstance(block, Picture):
        return f"![{block.shows}]({block.name}.png)"
    lines = [block.head, ["---"] * len(block.head), *block.rows]
    return "\n".join("| " + " | ".join(_cell(one) for one in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
