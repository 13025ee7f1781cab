"""Texts for a protocol: they say what the plan found, in its very numbers, and what it rests on."""

import re

import numpy as np
import pytest

from analysis.pages.blocks import Section, as_markdown
from analysis.pages.references import References
from analysis.planning.planner import plan_study
from analysis.planning.processes import process_of
from analysis.planning.report.flow_figure import flow_figure
from analysis.planning.report.page import plan_html
from analysis.planning.report.protocol.document import protocol_of
from analysis.questions.of_study import plan_of
from analysis.trials.flow import flow_of
from sim.errors import InputError

SOURCED = (
    "[plan.panel]\n",
    '[plan.sources]\nsd = "B46"\ncorrelation = "assumed"\n[plan.panel]\n',
)
ADJUSTED = ('analysis = "t_test"', 'analysis = "ancova"')
BY_TEAM = (
    ('unit = "ego"', 'unit = "team"'),
    ('analysis = "t_test"', 'analysis = "cluster_t"'),
    (
        "[plan.panel.effect]",
        "[plan.panel.clusters]\ncontrol = { icc = 0.05, size = 10 }\n"
        "treated = { icc = 0.05, size = 10 }\n[plan.panel.effect]",
    ),
)


@pytest.fixture(scope="module")
def texts():
    """Title and text of each section, from a plan's result; written once for each."""
    written = []

    def make(result, more=()):
        for one, others, sections in written:
            if one is result and others == more:
                return sections
        sections = {one.title: as_markdown([one]) for one in protocol_of(result, more).sections}
        written.append((result, more, sections))
        return sections

    return make


@pytest.fixture(scope="module")
def plans():
    """Plans made so far: nothing changes one, so all tests share it."""
    return {}


@pytest.fixture
def planned(study, plans):
    if "sourced" not in plans:
        plans["sourced"] = plan_study(study(SOURCED), seed=1, replicates=200)
    return plans["sourced"]


@pytest.fixture
def adjusted(study, plans):
    if "adjusted" not in plans:
        plans["adjusted"] = plan_study(study(SOURCED, ADJUSTED), seed=1, replicates=200)
    return plans["adjusted"]


def test_the_paragraph_has_the_numbers_of_the_plan(adjusted, texts):
    said = texts(adjusted)["Sample size"]
    found = adjusted.found
    run = found.confirmed
    for number in (
        f"enrol {found.answer:.0f} people",
        f"The number needed is {found.answer:.0f}, by a formula",
        f"(power {found.exact:.4f})", f"{run.share:.3f}", f"standard error {run.mcse:.3f}",
        f"{run.low:.3f} to {run.high:.3f}", f"{run.n:,} simulated studies", "power of 0.80",
        "of 2 points (0.50 of the standard deviation", "deviation at baseline of 4 points [1]",
        "correlation of 0.6 between two measurements of one person (assumed)",
        "90 % at 26 weeks and 80 % at 52 weeks", f"gives {adjusted.beside[0].n} people",
    ):  # fmt: skip
        assert number in said, number


def test_a_number_that_was_searched_for_has_its_interval_and_its_fresh_run(study, texts):
    mar = ("retention = [0.9, 0.8]", 'retention = [0.9, 0.8]\nmechanism = "MAR"\nodds_ratio = 2.0')
    result = plan_study(study(mar), seed=5, replicates=100, precision=0.05)
    said, found = texts(result)["Sample size"], result.found
    for words in (
        f"between {found.low:.0f} and {found.high:.0f}", f"search over {found.sims:,}",
        f"fresh run at {found.confirmed.at:.0f} people", f"{found.confirmed.share:.3f}",
    ):  # fmt: skip
        assert words in said, words


def test_smaller_numbers_are_those_of_the_curve(planned, texts):
    said = texts(planned)["Sample size"]
    below = [one for one in planned.curve if one.n < planned.found.answer][-1]
    assert f"{below.success.share:.2f} with {below.n} people" in said


def test_the_target_is_told_from_what_the_study_can_tell(planned, texts):
    said = texts(planned)["Target difference"]
    measures = planned.at(planned.found.answer).measures[0]
    se = measures["empirical_se"]
    assert f"{se.value:.3f} points (MCSE {se.mcse:.3f}, {se.n} studies)" in said
    assert f"reaches {measures['width'].value / 2:.2f} points" in said
    assert f"{measures['type_m'].value:.3f} (MCSE" in said
    assert "No basis is given" in said


def test_the_simulation_is_reported_with_its_errors(planned, texts):
    said = texts(planned)["The simulation study (ADEMP)"]
    for heading in ("Aims", "Data-generating mechanism", "Estimands", "Methods", "Performance"):
        assert f"| {heading}" in said
    coverage = planned.at(planned.found.answer).measures[0]["coverage"]
    assert f"{coverage.value:.4f} | {coverage.mcse:.4f} | {coverage.n}" in said
    assert "Seed 1," in said


def test_what_has_no_source_is_named(adjusted, texts):
    said = texts(adjusted)["What the figures rest on"]
    assert "**Assumed, whole or in part:** correlation." in said
    bare = re.search(r"\*\*Without a source in the study file:\*\* (.*)\.", said)[1]
    assert bare.split(", ") == ["effect", "retention", "mechanism", "recruitment"]


def test_every_reference_is_listed_and_every_entry_cited(planned):
    said = protocol_of(planned).markdown
    text, _, entries = said.partition("## References")
    cited = {int(one) for group in re.findall(r"\[([\d, ]+)\]", text) for one in group.split(",")}
    listed = [int(one) for one in re.findall(r"\*\*(\d+)\.\*\*", entries)]
    assert sorted(cited) == listed == list(range(1, len(listed) + 1))


def test_ids_of_sources_become_numbers_and_other_words_stay():
    references = References()
    assert references.of("B46") == " [1]"
    assert references.of("our pilot of 20; see B37") == " (our pilot of 20; see [2])"
    assert references.of("B46 B37") == " [1] [2]"
    assert references.of("N5, N6") == " [3]"  # both are the founding paper's
    assert references.of(None) == " (no source given)"


def test_simulated_people_are_called_so(planned, texts):
    said = texts(planned)["For the ethics committee"]
    assert "simulated" in said
    assert "no evidence about patients" in said


def test_saturation_is_spoken_of_only_by_those_who_hand_it_in(planned, texts):
    assert not any("aturation" in text for text in texts(planned).values())

    def more(references):
        return Section("Saturation", f"Codes {references.cite('fugard2015')}.")

    titles = list(texts(planned, [more]))
    assert titles.index("Saturation") < titles.index("The simulation study (ADEMP)")


def test_a_question_of_precision_has_no_target_difference(study, texts):
    precise = study(
        ('analysis = "t_test"', 'analysis = "t_test"\nsuccess = "narrow"\nhalf_width = 1.2')
    )
    said = texts(plan_study(precise, seed=1, replicates=200))
    assert "Target difference" not in said
    assert "reaches at most 1.2 points to either side" in said["Sample size"]
    assert "power" not in said["Sample size"]


def test_a_target_out_of_reach_is_said_to_be(study, texts):
    small = study(("people_at_most = 600", "people_at_most = 40"))
    said = texts(plan_study(small, seed=1, replicates=200))["Sample size"]
    assert "Even with 40 people, the most there may be" in said
    assert "the 0.80 aimed at is out of reach" in said


def test_a_given_number_is_not_said_to_be_searched_for(study, texts):
    said = texts(plan_study(study(), seed=1, replicates=200, sizes=[50]))["Sample size"]
    assert "enrol 50 people" in said
    assert "given, not searched for" in said


def test_the_smallest_detectable_effect_is_told(study, texts):
    result = plan_study(study(), seed=1, replicates=200, detect=60)
    said = texts(result)["Sample size"]
    assert f"{result.detectable.truths[0]:.3g} points" in said


def test_several_numbers_make_no_protocol(study):
    with pytest.raises(InputError, match="about one number of people"):
        protocol_of(plan_study(study(), seed=1, replicates=100, sizes=[50, 60]))


def test_a_cluster_trial_counts_its_clusters(study, texts):
    said = texts(plan_study(study(*BY_TEAM), seed=1, replicates=200, sizes=[80]))
    assert "allocated by team, not by person" in said["Sample size"]
    assert "4 teams of 10" in said["Sample size"]
    assert "with an intracluster correlation of 0.05" in said["Sample size"]
    assert "| in teams (size) | 4 (10) | 4 (10) | 8 |" in said["Expected flow of participants"]
    assert "cluster" in said["References"]


def test_expected_numbers_hold_in_simulated_recruitment(study):
    """Means to 4 standard errors (one false alarm in 16,000 each), ranges to a percent."""
    one = study()
    flow = flow_of(one, process_of(one, plan_of(one), 1), 60)
    rng = np.random.Generator(np.random.Philox(1))
    interest, consent = one.recruitment.interest, one.recruitment.consent
    drawn = {
        "approached": (flow.approached, 60 + rng.negative_binomial(60, interest * consent, 40_000)),
        "interested": (flow.interested, 60 + rng.negative_binomial(60, consent, 40_000)),
        "last": (flow.arms[0].interviewed[1], rng.binomial(30, 0.8, 40_000)),
    }
    for name, (expected, many) in drawn.items():
        assert abs(many.mean() - expected.mean) < 4 * many.std() / 200, name
        inside = ((many >= expected.low) & (many <= expected.high)).mean()
        assert 0.94 < inside < 0.985, name


def test_the_simulated_studies_have_the_interviews_expected(study):
    """To 4 standard errors of 400 studies."""
    one = study(('analysis = "t_test"', 'analysis = "mmrm"'))
    process = process_of(one, plan_of(one), 1)
    flow = flow_of(one, process, 60)
    seen = np.concatenate(
        [np.isfinite(b.y[:, b.arm == 0]).sum(axis=1) for b in process.draw(60, range(400))]
    )
    for place, expected in enumerate(flow.arms[0].interviewed, start=1):
        share = seen[:, place]
        assert abs(share.mean() - expected.mean) < 4 * share.std() / 20
    assert flow.arms[0].analysed[0] == (30, 30, 30)


def test_the_picture_has_a_box_for_every_stage(study):
    one = study(*BY_TEAM)
    flow = flow_of(one, process_of(one, plan_of(one), 1), 85)
    said = [text.get_text() for text in flow_figure(flow, "team").axes[0].texts]
    for words in (
        "approached\n",
        "allocated to treated\n42, 5 teams of 2 to 10",
        "in the analysis",
    ):
        assert any(one.startswith(words) for one in said), words


def test_sensitivity_moves_the_way_it_must(planned, texts):
    said = texts(planned)["If an assumption is off"]
    base = int(re.search(r"gives (\d+) as the", said)[1])
    rows = {line.split("|")[1].strip(): int(line.split("|")[2]) for line in said.splitlines()[6:]}
    assert base == planned.beside[0].n
    assert rows["the difference is a tenth smaller"] == pytest.approx(1.21 * base, rel=0.03)
    assert rows["5 % more leave before each wave"] == pytest.approx(base * 0.8 / 0.70, rel=0.03)


def test_the_page_is_whole_and_escapes_what_it_is_told(study):
    named = study(("A trial of two arms", "A <script>trial</script>"))
    result = plan_study(named, seed=1, replicates=200)
    page = plan_html(result, protocol_of(result))
    assert "<script>" not in page
    assert 'src="http' not in page
    assert "href=" not in page
    assert page.count("data:image/svg+xml;base64,") == 2
    assert f"{result.found.confirmed.share:.3f}" in page
