"""A study file to begin with: what is asked, what is proposed, and its text."""
