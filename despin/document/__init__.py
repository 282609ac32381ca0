"""What is in a text, and what of it may not be touched: decoding, blocks, protection, parsing."""
