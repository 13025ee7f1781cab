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


def alter_names(
    kinds: np.ndarray, male: np.ndarray, first: np.ndarray, digits: np.ndarray
) -> np.ndarray:
    """A name or label for each member, such as Ann417, CPN Will203 or Radio588.

    Parameters
    ----------
    kinds : ndarray of int
        Codes of kinds.Kind.
    male : ndarray of int
        0/1, of people.
    first, digits : ndarray of float32
        Uniforms that choose the name and its number.
    """
    found = []
    for code, is_male, u, v in zip(
        kinds.tolist(), male.tolist(), first.tolist(), digits.tolist(), strict=True
    ):
        kind = Kind(code)
        pool = THINGS.get(kind, MEN if is_male else WOMEN)
        name = pool[int(u * len(pool))]
        found.append(f"{LABELS.get(kind, '')}{name}{100 + int(v * 900)}")
    return np.array(found, dtype=object)
