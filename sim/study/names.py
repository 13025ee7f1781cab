"""Invented names, always with digits, so that nobody can take them for real.

One name for each tie, told apart from every other of the ego's: an object is like no other of its
kind, a person's first name like no other's but at the stated rate of namesakes. Workers of a team
bear the same name for all its egos.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

from sim.study.draws import records
from sim.world.compiled import compiled
from sim.world.kinds import Kind

__all__ = ["NUMBERS", "POSTS_NUMBERED", "alter_names"]

WOMEN = """Ann Beth Carol Dawn Ellen Fay Gail Hazel Iris Jean Kath Lynn Mary Nora Olive Pam Rita Sue
Tess Una Vera Wendy Yasmin Zoe Aisha Priya Mei Grace Ruth Joan Alma Bella Cora Doris Emma Flora Gwen
Helen Ida Jane Kim Laura Mabel Nadia Opal Petra Rosa Stella Thea Viv""".split()
MEN = """Alan Bill Colin Dave Eric Frank Gary Hugh Ian Jack Keith Len Mark Neil Owen Paul Ray Sam
Tom Umar Vic Will Yusuf Zack Ahmed Raj Wei Joe Ken Roy Adam Barry Chris Dean Evan Fred Glen Harry
Ivan Jim Kurt Luke Mick Ned Oscar Pete Rob Stan Terry Walt""".split()
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
    Kind.PET: """Dog,Cat,Budgie,Rabbit,Hamster,Goldfish,Parrot,Tortoise,Guinea pig,Gerbil,Canary,
Ferret,Puppy,Kitten,Cockatiel,Snake,Lizard,Hen,Pony,Pigeon""",
    Kind.PLACE: """Park,Cafe,Library,Church,Shop,Allotment,Canal,Beach,Museum,Mosque,Temple,Market,
Pub,Woods,Launderette,Garden centre,Charity shop,Day centre,Bus station,Cinema""",
    Kind.HOBBY: """Drawing,Fishing,Knitting,Gardening,Guitar,Baking,Painting,Sewing,Pottery,Poetry,
Puzzles,Chess,Model making,Photography,Birdwatching,Crochet,Piano,Singing,Collecting,Woodwork""",
    Kind.ACTIVITY: """Walking,Swimming,Gym,Volunteering,Bowls,Cycling,Yoga,Football,Dancing,Snooker,
Darts,Running,Badminton,Bingo,Cooking class,Computer class,Prayer,Quiz night,Car boot sale,Tai
chi""",
    Kind.GROUP: """Art group,Drop-in,Choir,Walking group,Hearing voices group,Book group,Men's shed,
Craft group,Recovery college,Music group,Lunch club,Allotment group,Support group,Drama group,Faith
group,Sports club,Writing group,Coffee morning,Residents group,Bipolar group""",
    Kind.OBJECT: """Phone,Laptop,Medication box,Photo album,Blanket,Diary,Armchair,Kettle,Car,
Bicycle,Ring,Tablet,Camera,Teddy bear,Letters,Wardrobe,Bed,Candle,Lamp,Notebook""",
    Kind.MEDIA: """Radio,Television,Newspaper,Music,Books,Podcasts,Films,Video games,Magazines,
Internet,Crossword,Soap operas,Audiobooks,Quiz shows,Football on television,News,Documentaries,
Comics,Cartoons,Forums""",
}

NUMBERS, LOWEST = 900, 100
"""Names are numbered from 100 to 999."""

POSTS_NUMBERED = 45
"""Workers of a team have numbers of their own with up to so many posts, and twenty to a post."""

STEPS = np.array([1, 7, 11, 13, 17, 19])
"""Steps that come by all names of a list and all numbers: none shares a factor with either."""

FIRST_PROFESSIONAL = int(Kind.PSYCHIATRIST)


def _stems() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All labels with their names; where those of a kind and sex begin, and how many there are."""
    stems: list[str] = []
    begin, size = np.zeros((2, len(Kind), 2), np.int64)
    things = {kind: said.replace("\n", " ").split(",") for kind, said in THINGS.items()}
    places: dict[tuple[str, ...], int] = {}
    for kind in Kind:
        for male, people in enumerate((WOMEN, MEN)):
            pool = tuple(LABELS.get(kind, "") + name.strip() for name in things.get(kind, people))
            if pool not in places:
                places[pool] = len(stems)
                stems += pool
            begin[kind, male], size[kind, male] = places[pool], len(pool)
    return np.array(stems, np.bytes_), begin, size


STEMS, BEGIN, SIZE = _stems()


def alter_names(ties: np.ndarray, alters: np.ndarray, namesakes: float) -> np.ndarray:
    """A name or label for each tie, such as Ann417, CPN Will203 or Radio588, as ASCII.

    Parameters
    ----------
    ties : ndarray of members.TIE, shape (m,)
        Person by person; who comes first keeps the name that was drawn.
    alters : ndarray of attributes.ATTRIBUTE, shape (m,)
    namesakes : float
        Share of people who are no professionals with the first name of an earlier one.
    """
    stem, number = np.zeros((2, ties.size), np.int64)
    _choose(records(ties), records(alters), np.float32(namesakes), stem, number)
    return np.strings.add(STEMS[stem], np.arange(LOWEST + NUMBERS).astype("S3")[LOWEST + number])


@compiled
def _choose(ties, alters, namesakes, stem, number):
    start = 0
    while start < ties.size:
        stop = start
        while stop < ties.size and ties[stop].person == ties[start].person:
            stop += 1
        for r in range(start, stop):
            draw_name(ties[r], alters[r], r, stem, number)
        for r in range(start, stop):
            if ties[r].post < 0:
                tell_apart(ties, alters, r, start, stop, namesakes, stem, number)
        start = stop


@register_jitable
def draw_name(tie, alter, r, stem, number):
    """The name as drawn."""
    pool = SIZE[tie.kind, alter.male]
    stem[r] = BEGIN[tie.kind, alter.male] + int(alter.u_name * pool)
    number[r] = int(alter.u_digits * NUMBERS)


@register_jitable
def tell_apart(ties, alters, r, start, stop, namesakes, stem, number):
    """Move on to another name, then another number, until no other tie has it.

    Others are the team's workers and the ties before this one. Steps differ from tie to tie: were
    they all to the next name, that would tell who came later.
    """
    kind, male = ties[r].kind, alters[r].male
    begin, size = BEGIN[kind, male], SIZE[kind, male]
    twin, step = -1, STEPS[number[r] % STEPS.size]
    if kind < FIRST_PROFESSIONAL and alters[r].u_same < namesakes:
        for other in range(start, r):
            if begin <= stem[other] < begin + size:
                twin = stem[other]
    if twin >= 0:
        stem[r] = twin
    else:
        for _ in range(size):
            if not is_taken(ties, r, start, stop, stem, number, False):
                break
            stem[r] = begin + (stem[r] - begin + step) % size
    while is_taken(ties, r, start, stop, stem, number, True):
        number[r] = (number[r] + step) % NUMBERS


@register_jitable
def is_taken(ties, r, start, stop, stem, number, numbered):
    """Whether another tie has the name, with its number if that counts."""
    for other in range(start, stop):
        same = stem[other] == stem[r] and (not numbered or number[other] == number[r])
        if other != r and same and (other < r or ties[other].post >= 0):
            return True
    return False
