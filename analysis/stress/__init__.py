"""Running a user's own analysis on studies whose truth is known: what holds, what breaks, how."""
