"""The patterns that the simulated world must show, each measured on the arrays a user can read.

`protocol` says what a pattern is and how it is judged, `lives` holds the worlds a team is lived in,
`statistics` the sums that patterns are made of; every other module holds a group of patterns.
`reserved.toml` lists what was set apart before any result was seen, `failures.toml` what fails and
why.
"""
