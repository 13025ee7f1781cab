"""What was read of a pilot, before anything is fitted: for people to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egocohort.results.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from analysis.calibration.pilot import Pilot
    from analysis.pilots.counts import PilotCount
    from analysis.pilots.interviews import PilotInterviews
    from egocohort.results.files import FileContent

__all__ = ["PilotReading", "read_folder"]

FEW, MOST = "<5", "most"
"""Instead of a number: of fewer than five people, and of all but fewer than five."""

HEADINGS = {"interviews": "interviews", "members": "members of maps", "ids": "members by their ids"}


@dataclass(frozen=True)
class PilotReading(Result):
    """What was read of a pilot's tables; nothing of a single person.

    Attributes
    ----------
    where : str
        The folder.
    people : int
        Interviewed at any wave.
    waves : int
    weeks : tuple of int or None
        Of the waves; None if the tables do not say.
    counts : tuple of analysis.pilots.counts.PilotCount
    notes : tuple of str
        What was trimmed, mapped or left out.
    pilot : analysis.calibration.pilot.Pilot or None
        Its figures; None if it holds too little for any.
    too_little : str
        Why there are none.
    interviews : analysis.pilots.interviews.PilotInterviews
        What the figures are made of.
    """

    where: str
    people: int
    waves: int
    weeks: tuple[int, ...] | None
    counts: tuple[PilotCount, ...]
    notes: tuple[str, ...]
    pilot: Pilot | None
    too_little: str
    interviews: PilotInterviews = field(repr=False)

    @property
    def title(self) -> str:
        """Which folder it is of."""
        return f"The pilot {self.where}"

    @property
    def headline(self) -> str:
        """People and waves, and whether the tables say when."""
        when = ""
        if self.waves > 1:
            when = ", when is not said"
            if self.weeks is not None:
                when = f" in weeks {', '.join(map(str, self.weeks))}"
        waves = "1 wave" if self.waves == 1 else f"{self.waves} waves"
        return f"{self.people} people, {waves}{when}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`pilot`: one row for each number; n is absent where fewer than five people are behind it.

        `figures`: what a fit would aim at, with standard errors.
        """
        import pandas as pd

        rows = [one._asdict() for one in self.counts]
        counts = pd.DataFrame(rows, columns=["of", "name", "kind", "wave", "n"])
        return {"pilot": counts.astype({"n": "Int64"}), "figures": self._figures()}

    def _figures(self) -> pd.DataFrame:
        import pandas as pd

        rows = [
            {"statistic": one.key.name, "wave": one.key.wave or None, "value": one.value,
             "se": one.se, "n": one.n, "meaning": one.note}
            for one in (self.pilot.targets if self.pilot is not None else ())
        ]  # fmt: skip
        heads = ["statistic", "wave", "value", "se", "n", "meaning"]
        return pd.DataFrame(rows, columns=heads).astype({"wave": "Int64"})

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "pilot": self.where, "people": self.people, "waves": self.waves,
            "weeks": None if self.weeks is None else list(self.weeks),
            "counts": [one._asdict() for one in self.counts], "notes": list(self.notes),
            "too_little": self.too_little or None,
            "held_back": list(self.pilot.held_back) if self.pilot is not None else [],
            "figures": [
                {"statistic": str(one.key), "value": one.value, "se": one.se}
                for one in (self.pilot.targets if self.pilot is not None else ())
            ],
        }  # fmt: skip

    def summary(self) -> str:
        """All that was read, and what became of it."""
        parts = [f"Read: {self.headline}."]
        parts += [self._by_wave(of) for of in HEADINGS]
        if self.pilot is not None:
            parts.append(self._figures_text(self.pilot))
        parts.append("\n".join(f"Read with care: {note}." for note in self.notes))
        if self.too_little:
            parts.append(f"Too little to fit to: {self.too_little}")
        return "\n\n".join(one for one in parts if one)

    def _by_wave(self, of: str) -> str:
        from egocohort.terminal.output import columns

        mine = [one for one in self.counts if one.of == of]
        if not mine:
            return ""
        heads = ["", *(f"wave {wave}" for wave in range(1, self.waves + 1))]
        heads[0] = HEADINGS[of]
        said = {(one.name, one.kind, one.wave): _told(one) for one in mine}
        lines: list[Sequence[str]] = [heads]
        for name, kind in dict.fromkeys((one.name, one.kind) for one in mine):
            none = "0" if of == "members" else ""
            told = [said.get((name, kind, wave), none) for wave in range(1, self.waves + 1)]
            label = f"{name}: {kind}" if kind not in ("", name) else name
            if of == "members" and not kind:
                label = f"{name}: kind unknown"
            lines.append([label, *told])
        return columns(lines, right=range(1, self.waves + 1))

    def _figures_text(self, pilot: Pilot) -> str:
        from egocohort.terminal.output import columns

        lines: list[Sequence[str]] = [("figure", "value", "(SE)")]
        lines += [(str(one.key), f"{one.value:.3g}", f"({one.se:.2g})") for one in pilot.targets]
        text = columns(lines, right=(1, 2))
        if pilot.held_back:
            text += "\n\nNeither shown nor used, for fewer than five people: "
            text += "; ".join(pilot.held_back)
        return text

    def files(self) -> Mapping[str, FileContent]:
        """`pilot.csv`, `figures.csv` and the text, `pilot.txt`."""
        return {
            **{f"{name}.csv": _real(table) for name, table in self.tables.items()},
            "pilot.txt": self.summary() + "\n",
        }

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        return self.files()


def _told(one: PilotCount) -> str:
    if one.n is None:
        return MOST if one.most else FEW
    return str(one.n)


def _real(table: pd.DataFrame) -> bytes:
    """A table as CSV without the column that says it is synthetic: these are real people's."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def read_folder(
    folder: str | Path, map_file: str | Path | None = None, *, seed: int = 0
) -> PilotReading:
    """Read a pilot; see `egocohort.check_pilot`."""
    from analysis.calibration.pilot import TooLittleError, pilot_in
    from analysis.pilots.counts import counts_of
    from analysis.pilots.given import NOTHING_SAID, read_map
    from analysis.pilots.identity import lasting_ids
    from analysis.pilots.reading import read_interviews
    from sim.world.toml_file import at_home

    given = NOTHING_SAID if map_file is None else read_map(map_file)
    place = at_home(Path(folder))
    found = read_interviews(place, given)
    pilot, why = None, ""
    try:
        pilot = pilot_in(found, seed=seed, where=str(place), given=given)
        notes, lasting = pilot.notes, pilot.lasting
    except TooLittleError as error:
        why, ids = str(error), lasting_ids(found)
        notes, lasting = tuple(one for one in (*found.notes, ids.note) if one), ids.holds
    counts = tuple(counts_of(found, lasting=lasting))
    return PilotReading(
        str(place), len(found.attended), found.waves, found.weeks, counts, notes,
        pilot, why, found,
    )  # fmt: skip
