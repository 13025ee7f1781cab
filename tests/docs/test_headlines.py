"""The page on what headlines rest on is made of the recorded tables and of the grades there are."""

import pandas as pd
import pytest

from sim.world.parameters import catalogue
from tests.docs.made import program


def test_the_page_is_what_its_script_makes():
    made = program("headlines")
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "python docs/headlines.py"


def test_the_tables_say_what_their_parameters_rest_on_now():
    tables = program("headlines").TABLES
    for path in sorted(tables.glob("sensitivity-*.csv")):
        table = pd.read_csv(path, keep_default_na=False)
        for row in table[table.grade != ""].itertuples():
            entry = catalogue()[row.parameter]
            assert (row.grade, row.source) == (entry.grade, entry.source), (path.name, entry.path)
            assert float(row.value) == pytest.approx(entry.value, rel=1e-5), (path.name, entry.path)
