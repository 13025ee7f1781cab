"""How cleaning code does, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.stress.cleaning_shares import CleaningShare

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cleaning_table"]

COLUMNS = (
    "condition", "table", "kind", "errors", "detected", "detected_mcse", "repaired",
    "repaired_mcse", "changed", "precision", "precision_mcse", "studies", "came",
)  # fmt: skip
EVERY_KIND = "all"


def cleaning_table(shares: Sequence[CleaningShare]) -> pd.DataFrame:
    """One row per condition, table and kind of error, with "all" for a table as a whole."""
    import pandas as pd

    rows = [
        (one.condition, one.table, one.kind or EVERY_KIND, one.errors, *one.detected, *one.repaired,
         one.changed, *one.precision, one.studies, one.came)
        for one in shares
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))
