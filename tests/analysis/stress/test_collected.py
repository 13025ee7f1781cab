"""Files with errors as an analysis gets them: those a bundle has, with the identities of links."""

from functools import partial

import pyarrow as pa
import pytest

from analysis.stress.code import user_code
from analysis.stress.collected import as_collected, as_table
from analysis.stress.conditions import ALL_FILES, CONDITIONS
from analysis.stress.result import spec_of_stress
from analysis.stress.studies import studies_of
from analysis.stress.workers.hand import ON_HAND, Hand
from sim.data import serialise, tables
from sim.data.errors.corrupt import corrupted
from sim.data.errors.sheets import FILES, csv_rows
from sim.study.error_kinds import error_kinds
from sim.study.lazy import Lazy
from sim.world.streams import key_of

CODE = """
# estimates: n = mean map_size 0
def fit(study):
    n = float(len(study.alters))
    return {"n": {"estimate": n, "lo": n, "hi": n}}
"""
LINKS = ("alter_id", "same_person_as_last_wave", "staff_id", "care_coordinator_id")


def test_every_error_is_a_condition_under_its_own_name():
    assert set(error_kinds()) | {ALL_FILES} <= {one.name for one in CONDITIONS}


def test_files_have_the_cells_of_the_bundle_and_the_links_beside_them(clean):
    rates, key = {"duplicates": 0.2, "linkage": 0.3, "recoding": 2.0}, key_of(1, 0)
    bundle = corrupted(clean, rates, key)
    given = as_collected(clean, rates, key, FILES)
    assert [name for name in FILES if isinstance(given[name], bytes)] == ["alters"]
    for name in FILES:
        data = given[name]
        if not isinstance(data, bytes):
            data = serialise.csv_bytes(name, data)
        header, *rows = csv_rows(data.decode())
        assert header == tables.schema(name).names
        shown = [k for k, column in enumerate(header) if column not in LINKS]
        plain = [[row[k] for k in shown] for row in (header, *rows)]
        assert plain == csv_rows(bundle.files[f"as_collected/{name}.csv"].decode())
    ids = as_table("alters", given["alters"])["alter_id"].to_pylist()
    assert len(ids) > clean["alters"].num_rows
    assert set(ids) == set(bundle.alters["alter_id"].to_pylist())


def test_a_member_entered_twice_has_one_identity_twice(clean):
    given = as_collected(clean, {"duplicates": 0.5}, key_of(1, 0), ON_HAND)
    found = as_table("alters", given["alters"]).to_pandas()
    more = len(found) - clean["alters"].num_rows
    assert more > 0
    assert found.duplicated(["egoID", "alter_id"]).sum() == more


def test_what_an_error_does_not_touch_is_not_made_again(clean):
    asked = []
    wanted = Lazy({name: partial(lambda name: asked.append(name) or clean[name], name)
                   for name in FILES})  # fmt: skip
    given = as_collected(wanted, {"duplicates": 0.5}, key_of(1, 0), ON_HAND)
    assert "items" not in asked
    assert all(given[name] is clean[name] for name in ON_HAND if name != "alters")
    alone = as_collected(clean, {"duplicates": 0.5}, key_of(1, 0), FILES)
    assert alone["alters"] == given["alters"]


@pytest.mark.parametrize(
    "kind", [one for one in error_kinds() if error_kinds()[one].sort == "file"]
)
def test_errors_of_a_file_do_not_depend_on_which_others_are_wanted(clean, kind):
    rates = {kind: error_kinds()[kind].typical}
    whole = as_collected(clean, rates, key_of(4, 0), FILES)
    for name in ("alters", "egos"):
        alone = as_collected(clean, rates, key_of(4, 0), [name])
        assert alone == {name: whole[name]}


def test_files_without_errors_are_the_tables(clean):
    for name in FILES:
        found = as_table(name, serialise.csv_bytes(name, clean[name]))
        assert found.to_pydict() == clean[name].to_pydict()
        assert found.schema.remove_metadata() == clean[name].schema.remove_metadata()


def test_what_is_no_number_is_text_and_what_has_no_commas_is_one_column(clean):
    head = ",".join(["egoID", "swemwbs", "interview_date"])
    found = as_table("egos", f"{head}\n101,20.5,2024-01-31\n102,high,31/01/2024\n".encode())
    assert found.schema.types == [pa.int32(), pa.string(), pa.string()]
    found = as_table("egos", b"egoID;swemwbs\n101;20,5\n")
    assert found.to_pydict() == {"egoID;swemwbs": ["101;20,5"]}


def test_an_analysis_gets_them(write, small_study):
    spec = spec_of_stress(
        user_code(write(CODE)), small_study, conditions=["clean", "duplicates"], seed=1
    )
    with Hand(spec.code, spec.limits) as hand:
        counts = {
            case.condition: hand.ask(given, 1).rows[0]["estimate"]
            for case, given in studies_of(spec, 1)
        }
    assert counts["duplicates"] > counts["clean"]
