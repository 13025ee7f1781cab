"""Words that readers of CSV files take for a missing value, and so name nothing here."""

from __future__ import annotations

__all__ = ["MISSING_WORDS", "names_a_value"]

MISSING_WORDS = frozenset(
    {"NA", "N/A", "n/a", "#NA", "#N/A", "#N/A N/A", "<NA>", "NULL", "null", "None"}
    | {"NaN", "nan", "-NaN", "-nan", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"}
)
"""Those of pandas, where nothing else is said to it; R takes "NA" alone."""


def names_a_value(word: str) -> str:
    """Check that a name is still there when a file with it is read."""
    if word in MISSING_WORDS:
        raise ValueError(f'"{word}" is what pandas or R reads as a missing value; rename it')
    return word
