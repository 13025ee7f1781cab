"""Invented names, always with digits, so that nobody can take them for real."""

import numpy as np

from sim.world.kinds import Kind

__all__ = ["alter_names"]

WOMEN = """Ann Beth Carol Dawn Ellen Fay Gail Hazel Iris Jean Kath Lynn Mary Nora Olive Pam Rita Sue
Tess Una Vera Wendy Yasmin Zoe Aisha Priya Mei Grace Ruth Joan""".split()
MEN = """Alan Bill Colin Dave Eric Frank Gary Hugh Ian Jack Keith Len Mark Neil Owen Paul Ray Sam
Tom Umar Vic Will Yusuf Zack Ahmed Raj Wei Joe Ken Roy""".split()
LABELS = {
    Kind.PSYCHIATRIST: "Dr ",
    Kind.CPN: "CPN ",
    Kind.CARE_COORDINATOR: "Care co-ordinator ",
    Kind.SUPPORT_WORKER: "Support worker ",
    Kind.GP: "GP Dr ",
    Kind.THERAPIST: "Therapist ",
    Kind.OTHER_PROF: "Worker ",
}
THINGS = {
    Kind.PET: ("Dog", "Cat", "Budgie", "Rabbit"),
    Kind.PLACE: ("Park", "Cafe", "Library", "Church", "Shop", "Allotment"),
    Kind.HOBBY: ("Drawing", "Fishing", "Knitting", "Gardening", "Guitar", "Baking"),
    Kind.ACTIVITY: ("Walking", "Swimming", "Gym", "Volunteering", "Bowls"),
    Kind.GROUP: ("Art group", "Drop-in", "Choir", "Walking group", "Hearing voices group"),
    Kind.OBJECT: ("Phone", "Laptop", "Medication box", "Photo album", "Blanket"),
    Kind.MEDIA: ("Radio", "Television", "Newspaper", "Music", "Books"),
}


NUMBERS = 900
"""Names are numbered from 100 to 999."""


def _stems() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All labels with their names; where those of a kind and sex begin, and how many there are."""
    stems: list[str] = []
    begin, size = np.zeros((2, len(Kind), 2), np.int64)
    for kind in Kind:
        for male, people in enumerate((WOMEN, MEN)):
            pool = THINGS.get(kind, people)
            begin[kind, male], size[kind, male] = len(stems), len(pool)
            stems += [LABELS.get(kind, "") + name for name in pool]
    return np.array(stems, np.bytes_), begin, size


STEMS, BEGIN, SIZE = _stems()


def alter_names(
    kinds: np.ndarray, male: np.ndarray, first: np.ndarray, digits: np.ndarray
) -> np.ndarray:
    """A name or label for each member, such as Ann417, CPN Will203 or Radio588, as ASCII.

    Parameters
    ----------
    kinds : ndarray of int
        Codes of kinds.Kind.
    male : ndarray of int
        0/1, of people.
    first, digits : ndarray of float32
        Uniforms that choose the name and its number.
    """
    place = (first.astype(np.float64) * SIZE[kinds, male]).astype(np.int64)
    number = 100 + (digits.astype(np.float64) * NUMBERS).astype(np.int64)
    return np.strings.add(STEMS[BEGIN[kinds, male] + place], np.arange(1000).astype("S3")[number])
