"""What verbs return: each says itself in words, as data, as tables and as pictures."""
