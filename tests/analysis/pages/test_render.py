"""Templates filled in: what is handed over stays what it is, and what is not is missed."""

import subprocess
import sys

import pytest
from jinja2 import UndefinedError

from analysis.pages.blocks import Paragraph, section_of
from analysis.pages.ethics import ethics
from analysis.pages.references import References
from analysis.pages.render import text
from analysis.planning.design.cost import Cost, Price
from analysis.planning.design.cost_words import cost_in_words
from sim.study.spec import read_study

TABLE = "planning/report/protocol/sensitivity.md.j2"


def test_lines_of_a_template_become_one_paragraph():
    short, long = (ethics(in_world).blocks for in_world in (False, True))
    assert len(short) == len(long) == 1
    assert "\n" not in long[0].text
    assert "data were used. The figures follow" in short[0].text
    assert "data were used. Their lives" in long[0].text


@pytest.mark.parametrize("words", ["|x|", "a | b", "\\| x", ""])
def test_a_bar_in_a_cell_does_not_break_the_table(words):
    said = text(TABLE, {"base": 50, "rows": [(words, "60")]})
    assert section_of(said).blocks[1].rows == [[words, "60"]]


def test_line_ends_in_a_value_start_no_paragraph_and_no_row():
    said = text(TABLE, {"base": "5\n\n## 0", "rows": [("a\n\nb", "60")]})
    paragraph, table = section_of(said).blocks
    assert "gives 5 ## 0 as the plan stands" in paragraph.text
    assert table.rows == [["a b", "60"]]


def test_braces_in_a_value_are_words():
    said = text(TABLE, {"base": "{{ 1 + 1 }}", "rows": []})
    assert "{{ 1 + 1 }}" in said


def test_a_fact_that_is_not_handed_over_is_an_error():
    with pytest.raises(UndefinedError, match="in_world"):
        text("pages/ethics.md.j2", {})


def test_each_reference_is_a_paragraph_led_by_its_number():
    references = References()
    references.cite("spirit2013", "delta2")
    blocks = references.section().blocks
    assert [one.lead for one in blocks] == ["1.", "2."]
    assert all(isinstance(one, Paragraph) and one.text for one in blocks)


def test_templates_are_read_only_when_something_is_written():
    code = "import analysis.pages.ethics, sys; assert 'jinja2' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_lines_keep_what_they_are_set_in_by_and_tables_their_columns():
    cost = Cost(12, 20, 30, 6, 0, 750, (Price("interviews", 30, 25),))
    assert cost_in_words(read_study("founding-study"), cost) == [
        "Expected cost with 12 people: 750 (20 approached, 30 interviews, 6 missed)",
        "    interviews                      30.0 x    25.00 =         750",
    ]
