"""Files that survive: written whole or not at all, replaced in one step, by one run at a time.

Every result, table and cache that the program writes goes through this room. A kill, a full disk or
a loss of power at any moment leaves what was there before or what was to be there, and what a
killed run left half done is cleared away by the next one. Tested on POSIX; on Windows by design.
"""
