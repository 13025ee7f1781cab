"""``egocohort stress``: the answer first, exit codes, rows that can be had again, a certificate."""

import io
import json
import shlex
import shutil
import xml.etree.ElementTree as ET
from contextlib import redirect_stdout
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

import egocohort as ec
from egocohort.cli import main
from sim.study.spec import read_study

WRONG = """
# estimates: m = mean swemwbs 0; size = mean map_size 0
def fit(study):
    first = study.egos[study.egos.wave == 1]
    if study.seed % 7 == 3:
        raise ValueError("this study is not to my taste")
    def of(y):
        off = y.std(ddof=1) / len(y) ** 0.5
        return dict(estimate=y.mean(), se=off, lo=y.mean() - 2.2 * off, hi=y.mean() + 2.2 * off)
    return {"m": of(first.swemwbs.dropna() + 15), "size": of(first.n_alters)}
"""


@pytest.fixture
def study(write_study):
    """A study of ten people."""
    return write_study("n = 4", "n = 10")


@pytest.fixture
def code(tmp_path):
    """An analysis that is wrong of one thing, and right of another."""
    (tmp_path / "analysis.py").write_text(WRONG)
    return "analysis.py:fit"


@pytest.fixture(scope="module")
def convicted(small_study, tmp_path_factory):
    """A run of that analysis: its exit code, what it said, and the folder it is in."""
    folder, said = tmp_path_factory.mktemp("wrong"), io.StringIO()
    (folder / "analysis.py").write_text(WRONG)
    (folder / "mine.toml").write_text(small_study.read_text().replace("n = 4", "n = 10"))
    words = ("--study mine.toml --conditions clean,absence,forgotten --seed 4 --replicates 16 "
             "--out out --junit out.xml --json")  # fmt: skip
    with pytest.MonkeyPatch.context() as here, redirect_stdout(said):
        here.chdir(folder)
        with pytest.raises(SystemExit) as stopped:
            main(["stress", "analysis.py:fit", *words.split()])
    return SimpleNamespace(code=stopped.value.code, told=json.loads(said.getvalue()), folder=folder)


@pytest.fixture
def invariances_untried(monkeypatch):
    """Leaves out what `convicted` has tried of an analysis, where a test is not about that."""
    monkeypatch.setattr("analysis.stress.result.invariances_of", lambda *_: [])


def test_a_wrong_analysis_is_convicted_and_each_of_its_studies_can_be_had_again(
    invoke, convicted, monkeypatch
):
    told, folder = convicted.told, convicted.folder
    assert convicted.code == 4
    assert told["verdict"] == "fails"
    assert told["answer"].startswith("analysis.py:fit does not hold where it must: where nobody")
    assert told["silent"]
    assert "m is" in told["silent"][0]
    rows = pd.read_csv(folder / "out" / "rows.csv")
    assert len(rows) == 3 * 16 * 2
    page = (folder / "out" / "certificate.html").read_text()
    assert told["silent"][0] in page
    cases = ET.parse(folder / "out.xml").getroot()
    assert len(cases) == len(told["verdicts"])
    assert cases.get("failures") == "2"
    failure = told["failures"][0]
    monkeypatch.chdir(folder)
    again = invoke(*shlex.split(failure["again"])[1:], "--json")
    assert again.returncode == 0
    kept = rows.drop(columns="synthetic")
    mine = kept[(kept.condition == failure["condition"]) & (kept.replicate == failure["replicate"])]
    made = json.loads(again.stdout)["rows"]
    assert [one["log"] for one in made] == mine.log.tolist()
    assert [one["status"] for one in made] == mine.status.tolist() == ["crashed", "crashed"]


@pytest.mark.usefixtures("invariances_untried")
def test_the_answer_comes_first_then_what_is_silent(code, study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = ec.stress(code, study, conditions=["clean"], replicates=16, seed=4)
    first, second = found.summary().split("\n\n")[:2]
    assert first == found.headline
    assert second.startswith("Fails silently:")
    assert set(found.tables) == {"verdicts", "measures", "ladder", "invariances", "rows"}
    for name in found.pictures:
        assert found.plot(name) is not None
    assert found.verdicts.set_index("term").verdict["m"] == "fails"
    assert found.verdicts.set_index("term").verdict["size"] == "undecided"


def test_the_certificate_says_where_a_bias_comes_from(convicted):
    told, folder = convicted.told, convicted.folder
    (said,) = [one for one in told["whence"] if one.startswith("where nobody stays away, m: ")]
    assert said.endswith("of the analysis itself: mend the analysis")
    page = (folder / "out" / "certificate.html").read_text()
    assert "Where the bias comes from" in page
    assert said in page
    table = pd.read_csv(folder / "out" / "ladder.csv")
    assert len(table) == len(told["ladder"])
    assert "file errors" not in set(table.step)
    of = table.groupby(["condition", "term"])
    sums, bias = of.value.sum(), of.bias.first()
    assert sums.tolist() == pytest.approx(bias.tolist(), abs=1e-4)
    for one in told["verdicts"]:
        expected = one["mean_estimate"] - one["truth"]
        assert bias[one["condition"], one["term"]] == pytest.approx(expected, abs=1e-4)
    steps = table.set_index(["condition", "term", "step"]).value
    assert steps["clean", "m", "analysis"] == pytest.approx(15, abs=0.01)
    assert steps["forgotten", "size", "measurement"] < -0.5
    assert abs(steps["forgotten", "size", "analysis"]) < 1e-6


CLEANS = """
# estimates: size = mean map_size 0
def fit(study):
    alters = study.alters.drop_duplicates(["egoID", "alter_id"])
    n = alters[alters.wave == 1].groupby("egoID").size()
    se = n.std(ddof=1) / len(n) ** 0.5
    lo, hi = n.mean() - 2.2 * se, n.mean() + 2.2 * se
    return {
        "cleaned": {NAME: alters},
        "estimates": {"size": {"estimate": n.mean(), "se": se, "lo": lo, "hi": hi}},
    }
"""


def test_cleaning_code_is_scored_in_a_check_and_in_a_run(invoke, study, tmp_path):
    (tmp_path / "clean.py").write_text(CLEANS.replace("NAME", '"alters"'))
    (tmp_path / "bad.py").write_text(CLEANS.replace("NAME", '"alter"'))
    words = ("--study", study, "--conditions", "duplicates", "--seed", 4)
    run = invoke("stress", "clean.py:fit", *words, "--check")
    assert run.returncode == 0, run.stdout
    assert "duplicates, alters: duplicates: of " in run.stdout
    assert "a study 1.00 are detected, 1.00 repaired" in run.stdout
    run = invoke("stress", "bad.py:fit", *words, "--check")
    assert run.returncode == 4
    assert "no table 'alter' to clean; did you mean \"alters\"?" in run.stdout
    run = invoke("stress", "clean.py:fit", *words, "--replicates", 4, "--out", "out", "--json")
    whole, kind = json.loads(run.stdout)["cleaning"]
    assert (whole["kind"], kind["kind"]) == ("all", "duplicates")
    assert whole["precision"] == kind["detected"] == kind["repaired"] == 1
    assert len(pd.read_csv(tmp_path / "out" / "cleaning.csv")) == 2
    assert "cleaning" not in pd.read_csv(tmp_path / "out" / "rows.csv")
    assert "Cleaned tables" in (tmp_path / "out" / "certificate.html").read_text()


def test_a_check_explains_what_went_in_and_what_is_wrong(invoke, code, study):
    words = ("stress", code, "--study", study, "--seed", 4)
    good = invoke(*words, "--check")
    assert good.returncode == 0, good.stdout
    assert good.stdout.startswith("Every term came back: m, size.")
    assert "m is to estimate: mean swemwbs 0" in good.stdout
    bad = invoke(*words, "--check", "--estimates", "other = mean swemwbs 0")
    assert bad.returncode == 4
    assert "other: missing term: came: m, size" in bad.stdout


def test_a_study_that_wants_more_people_than_take_part_is_told_so(
    code, study, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    said = "clean: studies want 10 people and have fewer, for there are 24, of whom about 7 are"
    assert said in ec.try_analysis(code, study, seed=4).summary()
    found = ec.stress(code, study, conditions=["clean"], replicates=2, seed=4)
    assert said in found.summary()
    found.save("out")
    assert said in (tmp_path / "out" / "certificate.html").read_text()


def test_a_study_file_says_which_studies_of_shared_worlds_it_is(code, study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = ec.stress(code, study, conditions=["clean"], replicates=2, seed=4)
    found.save("out")
    spec = replace(found.result.spec, studies_a_world=2)
    shared = replace(found, result=replace(found.result, spec=spec, replicates=101))
    shared.save("shared")
    one, other = ((tmp_path / at / "study-clean.toml") for at in ("out", "shared"))
    assert one.read_text()[0] != "#"
    assert other.read_text().startswith("# The first study of each world")
    assert read_study(one) == read_study(other)


SHARES = """
# estimates: percent = kept friend 4; odds = kept friend 4; good = kept friend 4
# estimates: other = kept friend 4; m = mean swemwbs 0
def fit(study):
    def of(estimate, lo, hi): return dict(estimate=estimate, lo=lo, hi=hi)
    return {"percent": of(82.5, 75.0, 90.0), "odds": of(0.825, 0.5, 2.2), "m": of(22.0, 20.0, 24.0),
            "good": of(0.98, 0.93, 1.03), "other": of(0.825, 0.9, 1.15)}
"""


def test_a_check_points_out_what_cannot_be_a_share(invoke, study, tmp_path):
    (tmp_path / "shares.py").write_text(SHARES)
    run = invoke("stress", "shares.py:fit", "--study", study, "--check", "--seed", 1, "--json")
    assert run.returncode == 0, run.stderr
    percent, odds, other = json.loads(run.stdout)["hints"]
    assert percent.startswith('clean: percent is to estimate "kept friend 4", a share from 0 to 1')
    assert percent.endswith("and is 82.5: as per cent, or in log odds?")
    assert "odds is to estimate" in odds
    assert "its interval is from 0.5 to 2.2: in log odds, or as per cent?" in odds
    assert "0.825 is not in its own interval, 0.9 to 1.15" in other
    text = invoke("stress", "shares.py:fit", "--study", study, "--check", "--seed", 1).stdout
    assert f"Look again:\n  {percent}\n" in text


def test_at_most_eight_terms_and_where_they_stand_is_said(invoke, study, tmp_path):
    asked = "; ".join(f"t{k} = mean swemwbs 0" for k in range(9))
    (tmp_path / "many.py").write_text(f"# estimates: {asked}\ndef fit(study): return {{}}\n")
    run = invoke("stress", "many.py:fit", "--study", study, "--check", "--seed", 1)
    assert run.returncode == 2
    assert "# estimates of many.py:fit: 9 terms; at most 8 in one run" in run.stderr
    (tmp_path / "few.py").write_text("def fit(study): return {}\n")
    run = invoke("stress", "few.py:fit", "--study", study, "--check", "--estimates", asked)
    assert "--estimates: 9 terms; at most 8 in one run" in run.stderr
    assert "at most 8 terms" in " ".join(invoke("stress", "--help").stdout.split())


def test_code_that_draws_by_itself_is_told_so(invoke, study, tmp_path):
    (tmp_path / "mine.py").write_text(
        "# estimates: m = mean swemwbs 0\nimport numpy as np\ndef fit(study):\n"
        "    m = np.random.default_rng().normal()\n"
        "    return {'m': dict(estimate=m, lo=m - 1, hi=m + 1)}\n"
    )
    run = invoke("stress", "mine.py:fit", "--study", study, "--check", "--seed", 1)
    assert "draws without the seed it is given" in run.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("nothing.py:fit",), "no such file"),
        (("analysis.py",), '"analysis.py:fit" runs the function fit of it'),
        (("analysis.py:fit", "--conditions", "mcra"), 'did you mean "mcar"?'),
        (("analysis.py:fit", "--conditions", "no_effect"), "is the same with it"),
        (("analysis.py:fit", "--must", "mnar", "--conditions", "clean"), "is not run here"),
        (("analysis.py:fit", "--estimates", "mean swembs 0"), 'did you mean "swemwbs"?'),
        (("analysis.py:fit", "--time-limit", "0"), "--time-limit"),
        (("analysis.py:fit", "--zone", "coverge=0.9"), 'did you mean "coverage"?'),
        (("analysis.py:fit", "--effect", "swemwbs 1 SD at 4"), "has no arms"),
        (("analysis.py:fit", "--conditions", "effect"), "no effect is given; --effect plants one"),
        (("analysis.py:fit", "--zone", "coverage=much"), "is no number above 0"),
    ],
)
def test_wrong_words_are_refused_in_a_line_or_two(invoke, code, study, words, expected):
    run = invoke("stress", *words, "--study", study, "--seed", 1, "--replicates", 2)
    assert run.returncode == 2
    assert expected in run.stderr
    assert len(run.stderr.splitlines()) <= 3


@pytest.mark.usefixtures("invariances_untried")
def test_a_planted_effect_is_told_and_its_studies_can_be_had_again(
    invoke, code, write_study, tmp_path
):
    arms = "n = 10\n[arms]\nshare = { usual = 1, more = 1 }"
    study, effect = write_study("n = 4", arms), "swemwbs -1.2 SD at 4 usual - more"
    words = ("stress", code, "--study", study, "--seed", 4)
    run = invoke(*words, "--effect", effect, "--conditions", "clean,effect", "--replicates", 8,
                 "--out", "out", "--json")  # fmt: skip
    assert run.returncode in (0, 4), run.stderr
    told = json.loads(run.stdout)
    assert told["must"] == ["clean", "effect"]
    assert (told["effect"]["arm"], told["effect"]["size_in_sd"]) == ("usual", -1.2)
    assert told["effect"]["latent_shift_in_sd"][0] < -1
    page = (tmp_path / "out" / "certificate.html").read_text()
    for said in told["effect"]["words"]:
        assert said in page
    term = told["truths"][1]
    assert term["truth_with_effect"] == term["truth"]
    again = next(one["again"] for one in told["failures"] if one["condition"] == "effect")
    assert f'--effect "{effect}"' in again
    made = json.loads(invoke(*shlex.split(again)[1:], "--json").stdout)
    assert {row["condition"] for row in made["rows"]} == {"effect"}
    ones = invoke("simulate", "out/study-effect.toml", "--seed", 4, "--replicate", 2, "--out", "b")
    assert ones.returncode == 0, ones.stderr
    check = invoke(*words, "--effect", effect, "--check")
    assert "Planted: usual scores 1.2 SD" in check.stdout
    assert "below more on swemwbs at week 4" in check.stdout
    assert "rows of effect:" in check.stdout
    in_file = write_study("n = 4", f'{arms}\n[stress]\neffect = "{effect}"')
    again = invoke("stress", code, "--study", in_file, "--seed", 4, "--check")
    assert again.stdout == check.stdout


BY_ARM = """
# estimates: d = difference swemwbs 4
def fit(study):
    return {"d": {"estimate": 0.0, "lo": -1.0, "hi": 1.0}}
"""


@pytest.mark.usefixtures("invariances_untried")
def test_the_certificate_has_type_i_errors_and_what_verdicts_rest_on(
    write_study, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "arms.py").write_text(BY_ARM)
    study = write_study("n = 4", "n = 10\n[arms]\nshare = { usual = 1, more = 1 }")
    found = ec.stress("arms.py:fit", study, conditions=["no_effect", "mnar"], replicates=10, seed=4)
    found.save("out")
    page = (tmp_path / "out" / "certificate.html").read_text()
    assert "type I error</th>" in page
    assert '<td class="n">0 ± 0</td>' in page
    assert "hold in every arm" in page
    assert "A verdict is false with a chance of 1 % at most" in page
    assert "  type I  " in found.summary()


@pytest.mark.usefixtures("invariances_untried")
def test_it_says_where_absence_biases_no_contrast_of_arms(write_study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "arms.py").write_text(BY_ARM)
    write_study("n = 4", "n = 10\n[arms]\nshare = { usual = 1, more = 1 }")
    text = (tmp_path / "mine.toml").read_text()
    for kept, said in (("[0.75]", True), ("{ usual = [0.9], more = [0.5] }", False)):
        study = write_study("retention = [0.75]", f"retention = {kept}", text)
        found = ec.stress("arms.py:fit", study, conditions=["mcar", "mnar"], replicates=2, seed=4)
        alike = "In mcar, mnar the same mechanism and retention hold in every arm"
        assert (alike in found.summary()) == said
        assert ("hold in every arm" in found.summary()) == said


@pytest.mark.parametrize(("name", "code"), [("my.py", "my.py:fit"), ("my.R", "Rscript my.R")])
def test_new_writes_an_analysis_and_says_how_to_run_it(invoke, tmp_path, name, code):
    run = invoke("new", name)
    assert run.returncode == 0
    assert shlex.split(run.stdout)[-4:] == ["egocohort", "stress", code, "--check"]
    assert invoke("new", name).returncode == 2
    assert "is about a study file" in invoke("new", name, "--force", "--sd", "4").stderr
    text = (tmp_path / name).read_text()
    assert text.count("# estimates:") == 2
    assert f"{code} --check" in text.replace('"', "")


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_the_analyses_to_begin_with_give_the_same_numbers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ec.new_analysis("my.py")
    ec.new_analysis("my.R")
    found = [
        ec.try_analysis(code, "founding-study", replicate=2, conditions=["absence"], seed=6)
        for code in ("my.py:fit", "Rscript my.R")
    ]
    tables = [one.tables["given_back"].set_index("term") for one in found]
    assert tables[0].status.tolist() == ["usable", "usable"]
    for name in ("estimate", "se", "lo", "hi", "p"):
        assert tables[1][name].tolist() == pytest.approx(tables[0][name].tolist(), rel=1e-9)


@pytest.mark.verify
def test_the_analysis_to_begin_with_is_right_until_members_are_forgotten(tmp_path, monkeypatch):
    """A right analysis fails where nothing is wrong in at most 2 of 100 seeds (two verdicts)."""
    monkeypatch.chdir(tmp_path)
    ec.new_analysis("my.py")
    found = ec.stress(
        "my.py:fit", "founding-study", conditions=["clean", "forgotten"], replicates=200, seed=7,
        threads=2,
    )  # fmt: skip
    verdicts = found.verdicts.set_index(["condition", "term"])
    assert "fails" not in verdicts.loc["clean"].verdict.tolist()
    forgotten = verdicts.loc["forgotten", "friends_kept"]
    assert (forgotten.verdict, forgotten.silent) == ("fails", True)
    assert forgotten.mean_estimate < forgotten.truth - 0.05
