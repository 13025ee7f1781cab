"""The picture of the README, docs/images/demo.png: ``python docs/picture.py``."""

from pathlib import Path

import egocohort as ec
from analysis.figures.maps import ego_maps

PEOPLE = [27, 3]  # their ego_num
PLACE = Path(__file__).parent / "images" / "demo.png"


def main() -> None:
    """Draw two people of the demo who were seen at all waves, with losses and with new members."""
    demo = ec.simulate("founding-study", seed=104)
    figure = ego_maps(demo, demo.persons.set_index("ego_num").ego_pid[PEOPLE].tolist())
    figure.savefig(PLACE, dpi=80, pil_kwargs={"optimize": True})


if __name__ == "__main__":
    main()
