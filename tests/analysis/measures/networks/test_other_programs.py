"""What egor and igraph made of one study; tests/fixtures/*/record.R say how it was recorded."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analysis.measures.networks.layout import networks_of
from analysis.measures.networks.tables import member_measures, people_measures

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"


def read(program, name):
    return pd.read_csv(FIXTURES / program / f"{name}.csv")


@pytest.fixture(scope="module")
def recorded():
    """The networks of the fixture; egor was told no classes, nor who is who."""
    alters = read("egor", "alters")
    alters["tie_class"] = np.where(alters.is_human == 1, "kin", "object")
    alters["alter_id"] = "A1"
    tables = {"egos": read("egor", "egos"), "alters": alters, "aaties": read("egor", "aaties")}
    made = {name: pa.Table.from_pandas(one) for name, one in tables.items()}
    return networks_of(SimpleNamespace(arrow=made.__getitem__))


def egor(rows):
    found = read("egor", "egor")
    return found[found["rows"] == rows].reset_index(drop=True)


@pytest.mark.parametrize(
    ("measure", "of_egor"), [("density", "density"), ("comp_ei", "comp_ei"), ("ei_sex", "ei")]
)
def test_people_are_as_egor_has_them(measure, of_egor, recorded):
    theirs = egor("people")[of_egor]
    assert theirs.notna().sum() > 40
    np.testing.assert_allclose(people_measures(recorded)[measure], theirs, atol=1e-10)


def test_density_of_all_rows_is_as_egor_has_it(recorded):
    np.testing.assert_allclose(
        member_measures(recorded)["density"], egor("all")["density"], atol=1e-10
    )


@pytest.mark.parametrize(
    "measure", ["density", "components", "constraint", "betweenness", "max_betweenness"]
)
def test_people_are_as_igraph_has_them(measure, recorded):
    ours, theirs = people_measures(recorded)[measure], read("igraph", "igraph")[measure]
    assert theirs.notna().sum() > 40
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
