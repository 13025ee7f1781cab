"""Errors of files, put in on purpose: what a study collected, spoiled cell by cell and logged.

Begin with `corrupt`, which has the order of the kinds; each is a function of the tables as they
were collected, a rate and its draws, and changes nothing itself: it says what is to be changed
(`changes`). `undo` takes everything back again from the log.
"""
