"""What spun texts teach: rows for the lexicon, proposed with counts and examples for a person to accept."""
