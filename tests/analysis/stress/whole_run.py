"""A run of fifty studies: as a program, which can be killed, and as a function."""

import sys

from analysis.stress.code import user_code
from analysis.stress.result import spec_of_stress
from analysis.stress.run import Hands, rows_of_run, stress_run
from sim.study.spec import read_study


def whole_run(code, study, out):
    spec = spec_of_stress(user_code(code), read_study(study), conditions=["clean"], seed=5)
    with Hands(spec) as hands:
        rows_of_run(spec, hands, range(50), kept=stress_run(out, 5))


if __name__ == "__main__":
    whole_run(*sys.argv[1:])
