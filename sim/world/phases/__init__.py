"""The phases of a week: compiled loops that draw, call the rules, and write the state.

Each phase takes the team's arrays (`layout.Arrays`) and the week, and does one thing for every ego
or post, in order. `sim.world.week` lists them in the order of a week.
"""
