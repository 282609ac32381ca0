"""Several spun copies of one article: what each says of the others, and which files are copies at all."""
