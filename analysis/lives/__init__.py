"""The validator of lives: whether what a bundle says of people, ties and interviews can be.

`record` holds the tables of a bundle, what belongs together joined; `rule` says what a rule is and
when it is broken; `check` has the list of all rules, and each other module holds a group of them.
"""
