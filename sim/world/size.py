"""How large a world is: sites, teams, caseloads, staff, and how long it runs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from sim.world.kinds import ROLES
from sim.world.shock import MOST_WEEKS, STRICT, as_tuple

__all__ = ["RolePosts", "Staff", "World"]

MOST_SITES, MOST_TEAMS, MOST_EGOS = 63, 16_383, 4_095  # what the addresses can number
MOST_PEOPLE, MOST_POSTS = 1_000_000, 100

Share = Annotated[float, Field(gt=0, le=1)]


class RolePosts(BaseModel):
    """Staff posts of one role in every team: how many, and how much of a full week each works."""

    model_config = STRICT

    posts: Annotated[int, Field(ge=0, le=MOST_POSTS)]
    fte: Annotated[tuple[Share, ...], BeforeValidator(as_tuple), Field(max_length=MOST_POSTS)]

    @model_validator(mode="before")
    @classmethod
    def _count(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("fte"), (list, tuple)):
            return {"posts": len(data["fte"]), **data}
        return data

    @model_validator(mode="after")
    def _agree(self) -> RolePosts:
        if self.posts != len(self.fte):
            raise ValueError(f"posts = {self.posts}, but fte lists {len(self.fte)}; one for each")
        return self


def _posts(*fte: float) -> RolePosts:
    return RolePosts(posts=len(fte), fte=fte)


class Staff(BaseModel):
    """Staff of a team, role by role."""

    model_config = STRICT

    psychiatrist: RolePosts = _posts(0.7, 0.7)
    cpn: RolePosts = _posts(1.0, 1.0, 1.0, 1.0, 1.0)
    care_coordinator: RolePosts = _posts(1.0, 0.6)
    support_worker: RolePosts = _posts(0.8, 0.8)

    def by_role(self) -> dict[str, tuple[float, ...]]:
        """Whole-time equivalent of each post, by role in the order of `ROLES`."""
        return {role: getattr(self, role).fte for role in ROLES}


class World(BaseModel):
    """How large the world is and how long it runs.

    Attributes
    ----------
    teams_per_site
        Number of teams at each site.
    egos_per_team
        Caseload of a team before scaling.
    scale
        Factor on caseload and capacity together.
    runin_weeks, horizon_weeks
        Weeks simulated before and after the first study week.
    staff
        RolePosts of every team.
    """

    model_config = STRICT

    teams_per_site: Annotated[
        tuple[Annotated[int, Field(ge=1, le=MOST_TEAMS)], ...],
        BeforeValidator(as_tuple),
        Field(min_length=1, max_length=MOST_SITES),
    ] = (2, 2, 2, 2, 2)
    egos_per_team: Annotated[int, Field(ge=1, le=MOST_EGOS)] = 288
    scale: Annotated[float, Field(gt=0, le=10)] = 1.0
    runin_weeks: Annotated[int, Field(ge=0, le=MOST_WEEKS)] = 52
    horizon_weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] = 52
    staff: Staff = Staff()

    @model_validator(mode="after")
    def _fits(self) -> World:
        if self.egos_per_team * self.scale > MOST_EGOS:
            raise ValueError(f"egos_per_team × scale is over {MOST_EGOS}; make more, smaller teams")
        if self.people > MOST_PEOPLE:
            raise ValueError(
                f"teams_per_site and egos_per_team make {self.people} people; at most {MOST_PEOPLE}"
            )
        return self

    @property
    def caseload(self) -> int:
        """People of one team."""
        return max(round(self.egos_per_team * self.scale), 1)

    @property
    def people(self) -> int:
        """People of all teams."""
        return sum(self.teams_per_site) * self.caseload
