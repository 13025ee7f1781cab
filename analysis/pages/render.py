"""Templates filled in: pages of HTML, and texts that are Markdown.

A template is named by its path in the room `analysis`. Those of texts read as prose: a blank line
ends a paragraph, and where lines end within one is of no consequence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from analysis.measures.study import code_labels

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["Filters", "page", "text"]

Filters = Mapping[str, Callable[..., object]]
"""What a template may write after a bar, by name: how a number or a name is said."""

BLANK = re.compile(r"\n\s*\n")
BAR = "\\|"
WITHIN = re.compile(r"[ \t]*\n[ \t]*")


def page(template: str, content: Mapping[str, Any]) -> str:
    """Fill in a page of HTML; everything but pictures is escaped."""
    # Autoescaping is what keeps a name in a table from becoming markup.
    environment = _environment(autoescape=True)
    environment.filters |= {"percent": _percent, "named": _named}
    return environment.get_template(template).render(content)


def text(template: str, facts: Mapping[str, Any], filters: Filters | None = None) -> str:
    """Fill in a text.

    Parameters
    ----------
    template
        As in ``"pages/ethics.md.j2"``.
    facts
        What it speaks of.
    filters
        How its numbers and names are said, beside `capital`, `row` and `rule`.

    Returns
    -------
    str
        Markdown: paragraphs and tables with a blank line between them, each paragraph on one line.
    """
    environment = _environment(
        autoescape=False, lstrip_blocks=True, keep_trailing_newline=True, finalize=_on_one_line
    )
    environment.filters |= {"capital": _capital, "row": _row, "rule": _rule, **(filters or {})}
    blocks = BLANK.split(environment.get_template(template).render(facts).strip())
    return "\n\n".join(one if one.startswith("|") else str(_on_one_line(one)) for one in blocks)


def _environment(*, autoescape: bool, **settings: Any) -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        autoescape=autoescape,  # noqa: S701 - Markdown has nothing to escape
        undefined=StrictUndefined, trim_blocks=True,
        loader=FunctionLoader(lambda name: (files("analysis") / name).read_text("utf-8")),
        **settings,
    )  # fmt: skip


def _on_one_line(value: object) -> object:
    """Words without their line ends, so that none starts a paragraph or breaks a table."""
    return WITHIN.sub(" ", value.strip("\n")) if isinstance(value, str) else value


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _row(cells: Sequence[str]) -> str:
    """A row of a table; bars in its cells do not end them."""
    return f"| {' | '.join(str(_on_one_line(one)).replace('|', BAR) for one in cells)} |"


def _rule(head: Sequence[str]) -> str:
    """The line below the head of a table."""
    return _row(["---"] * len(head))


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{share:.0%}".replace("%", " %")


def _named(code: str, table: str, column: str) -> str:
    """The label of a code."""
    return code_labels(table, column).get(code, code)
