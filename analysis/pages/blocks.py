"""What a section of a text consists of: its Markdown, and the blocks that a page shows of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

__all__ = [
    "Block",
    "Paragraph",
    "Picture",
    "Program",
    "Section",
    "TextTable",
    "as_markdown",
    "section_of",
]  # fmt: skip

TITLE = "## "
LED = re.compile(r"\*\*(.+?)\*\* (.*)")
CODE = re.compile(r"```(\w+)\n(.*)\n```", re.DOTALL)
PICTURE = re.compile(r"!\[(.*)\]\((.*)\.png\)")


class Paragraph(NamedTuple):
    """Running text, with the words that lead into it."""

    text: str
    lead: str = ""


class TextTable(NamedTuple):
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


class Program(NamedTuple):
    """A program, and its language."""

    text: str
    language: str


Block = Paragraph | TextTable | Picture | Program


class Section(NamedTuple):
    """One text of a protocol.

    Attributes
    ----------
    title : str
    text : str
        Markdown: blocks with a blank line between them; pictures are PNG files beside it.
    """

    title: str
    text: str

    @property
    def blocks(self) -> list[Block]:
        """Its paragraphs, tables and pictures."""
        return [_block(one) for one in self.text.split("\n\n")]


def section_of(markdown: str) -> Section:
    """A section from its Markdown, the title first, as `analysis.pages.render.text` makes it."""
    title, _, text = markdown.partition("\n\n")
    return Section(title.removeprefix(TITLE), text)


def as_markdown(sections: Sequence[Section]) -> str:
    """The sections as Markdown."""
    return "\n\n".join(f"{TITLE}{one.title}\n\n{one.text}" for one in sections)


def _block(text: str) -> Block:
    if text.startswith("|"):
        head, _, *rows = map(_cells, text.split("\n"))
        return TextTable(head, rows)
    if program := CODE.fullmatch(text):
        return Program(program[2], program[1])
    if shown := PICTURE.fullmatch(text):
        return Picture(shown[2], shown[1])
    led = LED.fullmatch(text)
    return Paragraph(led[2], led[1]) if led else Paragraph(text)


def _cells(row: str) -> list[str]:
    return [one.replace("\\|", "|") for one in row[2:-2].split(" | ")]
