"""What a plan says: words, figures, a page, texts for a protocol."""
