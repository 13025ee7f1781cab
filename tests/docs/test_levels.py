"""The tables of the page on levels are those of the recorded figures and of the records."""

from pathlib import Path

from tests.verify.levels_page import PAGE, TITLES, as_lines, filled, recorded_rows

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_shows_what_was_recorded():
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert page == filled(page, recorded_rows(ROOT))


def test_every_kind_of_question_has_its_table():
    rows = recorded_rows(ROOT)
    assert {(row["family"], row["about"]) for row in rows} == set(TITLES)
    cells = sum(line.startswith("| `") for line in as_lines(rows))
    assert cells == len({(row["family"], row["about"], row["analysis"]) for row in rows})
