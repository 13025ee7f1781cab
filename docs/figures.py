"""Figures of docs/defence-of-design.md that no command prints: ``python docs/figures.py``.

Names of sections as arguments choose among them; `draws` is of docs/sensitivity.md, `conflicts` of
docs/patterns.md. All together take about ten minutes on two cores; pairing comes from ``egocohort
evidence``. When the world changes, run this and renew the pages.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

import click
import numpy as np

from analysis.calibration import fixed_point as calibrate
from analysis.calibration.aims import aim_at
from analysis.calibration.bank import Bank, unlogged
from analysis.calibration.targets import read_recipe
from analysis.evidence.illness import illness_course
from analysis.evidence.ledger import service_ledger
from analysis.patterns.lives import FRIEND, INFORMAL, PEOPLE, TeamLives, with_room
from analysis.patterns.losses import excess
from analysis.patterns.protocol import team_estimate
from analysis.patterns.statistics import Stat, correlation, mean_stat
from analysis.runs.parameter_draws import joint_draws
from analysis.runs.parameter_space import choose_space
from analysis.worlds import moments
from analysis.worlds.balance import Turnover, rebalanced, turnovers
from sim.side_by_side import side_by_side
from sim.study.interview import ERROR_FREE, draw_maps
from sim.study.measure import ROWS, measure_maps
from sim.study.seen import members_of
from sim.study.spec import parse_study, read_study
from sim.world.arithmetic import exponential
from sim.world.kinds import Event, Group
from sim.world.parameters import catalogue
from sim.world.run import History, Place, Watched, live, places, run_in
from sim.world.scenario import Scenario, parse_scenario, read_scenario
from sim.world.streams import key_of

HERE, YEAR, LATER = Place(1, 1), 52, 87
GROUPS = tuple(group.name.lower() for group in Group)
ROW_OF_GROUP = np.array([0, 1, 1, 2, 2, 3, 3, 3, 3, 4, -1])


def usual(scale: float = 1.0, **changed: float) -> Scenario:
    """Usual care with some parameters changed; dots in their paths become two underscores."""
    data = read_scenario("usual-care").resolved()
    data["world"]["scale"] = scale
    data["parameters"] = {path.replace("__", "."): value for path, value in changed.items()}
    return parse_scenario(data)


def in_pairs(work: Callable[[int], object], number: int) -> list:
    """Call `work` for 0 to `number` - 1, two at a time."""
    return list(side_by_side(work, range(number), 2))


def said(*rows: Iterable[object]) -> None:
    """Print rows."""
    for row in rows:
        click.echo("  " + "  ".join(str(cell) for cell in row))


def by_row(weight: np.ndarray, group: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Weights of ties by row of Table 1, summed over the people in `who`, and their number."""
    row = ROW_OF_GROUP[group]
    return np.array([(weight * (row == r))[who].sum() for r in range(len(ROWS))] + [who.sum()])


def parameters() -> None:
    """How many numbers there are, by grade."""
    said((len(catalogue()), dict(Counter(one.grade for one in catalogue().values()))))


def arithmetic() -> None:
    """Largest relative error of our exponential."""
    x = np.linspace(-4, 4, 2001, dtype=np.float32)
    ours = np.array([exponential(one) for one in x], np.float64)
    said(("exponential", f"{np.abs(ours / np.exp(x.astype(np.float64)) - 1).max():.2e}"))


def people() -> None:
    """Caseload, slots, events of a year, and the intracluster correlation, in whole teams."""
    scenario, teams = usual(), 30

    def year(r: int) -> tuple:
        team = run_in(scenario, HERE, key_of(1, r))
        history = live(scenario, HERE, team, key_of(1, r), YEAR)
        used = [(one.column("group") >= 0).sum(1) for one in (team, history.team)]
        alive = int(history.team.egos["alive"].sum())
        return team.egos["on_caseload"].sum(), alive, used, history

    found = in_pairs(year, teams)
    used = np.concatenate([u for one in found for u in one[2]])
    events = Counter(int(event) for one in found for event in one[3].events["event"])
    said(
        ("on the caseload", np.mean([one[0] for one in found])),
        ("alive after a year", np.mean([one[1] for one in found])),
        ("slots used: mean, most", round(used.mean(), 1), used.max()),
        ("slots after the year", dict(Counter(one[3].team.slots for one in found))),
        *((Event(code).name.lower(), round(n / teams, 1)) for code, n in sorted(events.items())),
    )
    for sd in (0.14, 0.0):
        said((f"ICC of wellbeing, team effect {sd}", round(icc(usual(ego__team_effect_sd=sd)), 3)))


def icc(scenario: Scenario, teams: int = 100) -> float:
    """Intracluster correlation of wellbeing by team (ANOVA)."""
    world = scenario.world.model_copy(update={"teams_per_site": (teams // 5,) * 5})
    scenario = scenario.model_copy(update={"world": world})
    where = places(scenario)

    def wellbeing(r: int) -> np.ndarray:
        egos = run_in(scenario, where[r], key_of(5)).egos
        return egos["wellbeing"][egos["alive"] > 0].astype(np.float64)

    groups = in_pairs(wellbeing, teams)
    sizes, everyone = np.array([one.size for one in groups]), np.concatenate(groups)
    between = sum(one.size * (one.mean() - everyone.mean()) ** 2 for one in groups) / (teams - 1)
    within = sum(((one - one.mean()) ** 2).sum() for one in groups) / (everyone.size - teams)
    size = (everyone.size - (sizes**2).sum() / everyone.size) / (teams - 1)
    return float((between - within) / (between + (size - 1) * within))


def start() -> None:
    """Fresh error-free maps over 87 weeks: shipped, and started as ties are at birth."""
    known = catalogue()
    at_birth = {}
    for group in GROUPS:
        at_birth[f"tie__{group}__usual_trust"] = known[f"tie.{group}.first_trust"].value
        at_birth[f"tie__{group}__usual_contact"] = known[f"tie.{group}.contact_rate"].value
        at_birth[f"tie__{group}__usual_support"] = 0.0
    for name, changed in (("shipped", {}), ("as at birth", at_birth)):
        found = np.array(in_pairs(partial(fresh_maps, usual(1 / 3, **changed)), 150))
        members, felt, egos = found[:, :, 0, :5], found[:, :, 1, :5], found[:, :, 0, 5:]
        said((name, "egos", egos.sum(0)[0, 0]))
        for what, each, mean in (
            ("members", members / egos, members.sum(0) / egos.sum(0)),
            ("importance", felt / members, felt.sum(0) / members.sum(0)),
        ):
            change = each[:, 1] - each[:, 0]
            error = change.std(0, ddof=1) / np.sqrt(len(change))
            rows = zip(ROWS, mean[0], mean[1], change.mean(0), error, strict=True)
            said(*((what, r, *np.round(v, 4)) for r, *v in rows))


def fresh_maps(scenario: Scenario, r: int) -> np.ndarray:
    """Error-free maps drawn anew at weeks 0 and 87, as `mapped` has them, (2, 2, 6)."""
    key, params = key_of(1, r), catalogue().record(scenario.parameters)
    team = run_in(scenario, HERE, key)
    everybody = np.arange(team.egos.size, dtype=np.int32)
    found = []
    for week in (0, LATER):
        watched = Watched(everybody, np.full((everybody.size, 1), week, np.int32))
        history = live(scenario, HERE, team, key, week + 1, watched=watched)
        found.append(mapped(history, params, key)[0])
    return np.array(found)


def mapped(history: History, params: np.ndarray, key: np.ndarray) -> np.ndarray:
    """By wave, members of error-free maps of all alive at the end, and their importance."""
    members, (n, waves) = members_of(history), history.egos.shape
    there = np.ones((n, waves), bool)
    maps = draw_maps(history.egos, members, there, np.zeros(n, bool), params, key, ERROR_FREE)
    alive = history.egos["alive"][:, -1] > 0
    found = [
        [by_row(weight[:, k], members["group"][:, k], alive) for k in range(waves)]
        for weight in (maps.ideal, maps.ideal * members["importance"].astype(np.float64))
    ]
    return np.moveaxis(np.array(found), 0, 1)


def panel() -> None:
    """The same people's error-free maps after a year, beside maps without a past."""
    scenario = usual(1 / 3)
    params = catalogue().record(scenario.parameters)

    def both(r: int) -> list[np.ndarray]:
        key = key_of(1, r)
        team = run_in(scenario, HERE, key)
        everybody = np.arange(team.egos.size, dtype=np.int32)
        maps = []
        for weeks in ([0, YEAR], [YEAR]):
            watched = Watched(everybody, np.tile(np.int32(weeks), (everybody.size, 1)))
            history = live(scenario, HERE, team, key, YEAR + 1, watched=watched)
            maps += list(mapped(history, params, key)[:, 0])
        return maps

    total = np.array(in_pairs(both, 200)).sum(0)
    for name, row in zip(("first", "a year later", "anew then"), total, strict=True):
        said((name, *np.round(row[:5] / row[5], 3), "egos", row[5]))


def births() -> None:
    """Latent ties over three years; and how the fixed point converges from a wrong start."""
    seen = moments.measure(teams=200)
    drift = (seen.latent[-1] / seen.latent[0]) ** (1 / moments.YEARS) - 1
    said(("egos", seen.egos), *zip(GROUPS, np.round(100 * drift, 2), strict=True))
    said(("lost in a year", *zip(moments.MOMENT_CLASSES, np.round(seen.lost, 3), strict=True)))
    known, wrong = catalogue(), {"formation": 0.7, "latent_mean": 1.15, "end_rate": 0.8}
    fixed = {"tie.outside.named": known["tie.outside.named"].value}
    now = {}
    for path in calibrate.solved_paths():
        value = known[path].value * wrong.get(path.rpartition(".")[2], 1.0)
        now[path] = float(np.clip(value, known[path].low, known[path].high))
    goals = np.array(list(calibrate.GOALS["on a first map"].values()))
    some = [GROUPS.index(group) for group in ("kin", "friend", "weak", "object")]
    for number in range(8):
        seen = moments.measure(now, 60)
        off = np.abs(seen.on_map / goals - 1).max()
        drift = np.abs((seen.latent[-1] / seen.latent[0]) ** (1 / moments.YEARS) - 1)[some].max()
        said((f"pass {number}", f"map {100 * off:.1f} % off", f"drift {100 * drift:.2f} % a year"))
        solved = calibrate.step(now | fixed, seen)
        now = {path: value for path, value in solved.items() if path not in fixed}


def episodes() -> None:
    """Recurrence and length, with the shipped scale of bipolar onset and with .58."""
    for changed in ({}, {"illness__bipolar_scale": 0.58}):
        for row in illness_course(300, of=usual(**changed)):
            said((changed, row.quantity, round(row.simulated, 4), round(row.mcse, 4), row.n))


def services() -> None:
    """The ledger: as shipped, without sickness, with a support worker's diary filled to .9."""
    for changed, teams in (
        ({}, 100),
        ({"service__sickness_onset": 0.0}, 60),
        ({"service__support_worker__diary_fill": 0.9}, 60),
    ):
        for line in service_ledger(usual(**changed), teams):
            shares = (line.load, line.utilisation, line.cancelled_share)
            late = line.postponed / line.wanted
            error = line.mcse["cancelled_share"]
            said((changed, line.line, *np.round((*shares, error), 4)))
            said(("  kept", round(line.kept, 2), "late", round(late, 3)))


def maps() -> None:
    """Founding studies: sizes, losses, arms, retention; maps revisited and drawn afresh."""
    study, scenario = read_study("founding-study"), read_scenario("usual-care")
    for how in ("revisited", "afresh"):
        data = study.resolved()
        data["map"]["how"] = how
        seen = measure_maps(scenario, parse_study(data), 300, seed=3, threads=2)
        control = (seen.arm == 0).sum(axis=1)
        said(
            (how, ROWS),
            *((f"{layer}, wave {wave + 1}", *np.round(seen.means(wave, layer)[0], 3))
              for layer in ("ideal", "elicited") for wave in (0, 2)),
            *((f"lost, {layer}", *np.round(seen.loss(layer)[0], 3))
              for layer in ("ideal", "elicited")),
            ("alive", *np.round(seen.alive.mean((0, 1)), 4)),
            ("attended", *np.round(seen.attended.mean((0, 1)), 4)),
            ("control", round(control.mean(), 1), np.quantile(control, [0.025, 0.975])),
        )  # fmt: skip


def intervals() -> None:
    """How often an even draw from the ranges comes near every target of the shipped recipe."""
    recipe, rng = read_recipe("founding-paper"), np.random.default_rng(1)
    bank = Bank(recipe, 16, 3, 2)
    start = bank.begin()
    aim = aim_at(recipe.aims, start.rows[start.eligible], bank.columns, rng)
    bank.grow(bank.prior, 45)
    surface = bank.surface(bank.prior, aim.keys)
    near = np.zeros(2)
    for _ in range(40):
        drawn = surface(bank.prior.at(rng.random((50_000, len(recipe.free)))))
        off = np.abs(unlogged(drawn, aim.keys) - aim.values) / aim.se
        near += [(off < reach).all(axis=1).mean() / 40 for reach in (1, 2)]
    said(("share of draws within 1 and 2 standard errors of all targets", *near))


def draws() -> None:
    """Drift of friends in a year over joint draws: births as shipped, and balanced up to thrice."""
    space = choose_space()
    points = joint_draws(space, 24, np.random.default_rng(1))

    def seen(changed: dict[str, float]) -> list[Turnover]:
        return turnovers(read_scenario("usual-care").with_parameters(changed), range(6), 1)

    shipped, friend = seen({}), moments.FORMED.index("friend")

    def drifts(draw: int) -> list[float]:
        changed, found = space.at(points[draw]), []
        for _ in range(4):
            now = seen(changed)
            ties, births, losses = (
                sum(getattr(one, what)[friend] for one in now)
                for what in ("ties", "births", "losses")
            )
            found.append((births - losses) / ties)
            changed = rebalanced(changed, now, shipped)
        return found

    found = 100 * np.array(in_pairs(drifts, len(points)))
    for name, varied in (("of ties", space), ("of ties and maps", choose_space(on_maps=True))):
        said((f"parameters that vary, {name}", len(varied.paths)))
    said(("% a year, root mean square", *np.sqrt((found**2).mean(0)).round(2)))


def conflicts() -> None:
    """What an episode costs by default, and with the switches for the other side of a conflict."""

    def of(measure: Callable[[TeamLives], Stat], **changed: float) -> tuple[float, float]:
        values = {path.replace("__", "."): value for path, value in changed.items()}

        def team(r: int) -> Stat:
            return with_room(lambda slots: TeamLives(4, r, values, slots=slots), measure)

        found = team_estimate(in_pairs(team, 100))
        return round(found.value, 4), round(found.mcse, 4)

    def fewer(lives: TeamLives) -> Stat:
        both = (life.has(52, *PEOPLE).sum(axis=1) for life in (lives.usual, lives.struck))
        return mean_stat(np.subtract(*both), lives.newly_ill & lives.struck.alive())

    def more_ill(lives: TeamLives) -> Stat:
        life = lives.usual
        return correlation(
            life.ego("severity", 26), life.has(26, *PEOPLE).sum(axis=1), life.alive(26)
        )

    weak, friends = (lambda lives, g=g: excess(lives, (g,)) for g in (Group.WEAK, FRIEND))
    said(
        ("lost of an episode: weak ties", of(weak), "friends", of(friends)),
        ("weak ties, as far as friends", of(weak, tie__weak__episode_effect=1.2)),
        ("people fewer at the end of the year", of(fewer)),
        ("networks that fill up again", of(fewer, formation__confidence_loss=0.0,
                                           formation__diversify=3.0, ego__diversifier_share=1.0)),
        ("correlation of people with severity", of(more_ill)),
    )  # fmt: skip


def support() -> None:
    """Help counted on from partner, kin, friends and weak ties, with wellbeing: latent, week 0."""

    def team(r: int) -> np.ndarray:
        lives = run_in(usual(), HERE, key_of(1, r))
        egos = lives.egos
        lay = (lives.column("active") > 0) & np.isin(lives.column("group"), INFORMAL)
        here = (egos["alive"] > 0) & (egos["on_caseload"] > 0)
        counted_on = (lives.column("anticipated") * lay).sum(axis=1)
        return np.c_[
            egos["wellbeing"], counted_on, lay.sum(axis=1), egos["severity"], egos["need"]
        ][here]

    people = np.vstack(in_pairs(team, 40))
    fixed = np.c_[np.ones(len(people)), people[:, 3:]]
    rest = people - fixed @ np.linalg.lstsq(fixed, people, rcond=None)[0]
    for name, at in (("help counted on", 1), ("number of people", 2)):
        alone, held = (np.corrcoef(of[:, 0], of[:, at])[0, 1] for of in (people, rest))
        said((name, "r", alone, "severity and need held fixed", held, "n", len(people)))


SECTIONS = (
    parameters, arithmetic, people, start, panel, births, intervals, episodes, services, maps,
    draws, conflicts, support,
)  # fmt: skip


def main(names: list[str]) -> None:
    """Print the sections named, or all."""
    for section in SECTIONS:
        if not names or section.__name__ in names:
            click.echo(f"{section.__name__}: {section.__doc__}")
            section()


if __name__ == "__main__":
    main(sys.argv[1:])
