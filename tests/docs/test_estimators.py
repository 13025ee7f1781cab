"""What the documents list of the analyses is what their records say."""

from pathlib import Path

from analysis.estimators.catalogue import analyses

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "estimators-marginal.md"


def row(one):
    """The line of the document's list that an analysis has."""
    notes = one.wrong and f"wrong: {one.wrong}"
    rows = f"{one.rows}, by cluster" if one.by_cluster else one.rows
    return f"| `{one.name}` | {one.estimates} | {rows} | {notes or one.small_samples} |"


def test_the_list_of_analyses_is_that_of_the_catalogue():
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    start = lines.index("| analysis | estimates | rows | what small samples do to it |") + 2
    listed = lines[start : lines.index("", start)]
    assert listed == [row(one) for one in analyses().values()]
