"""Cleaning folders: what is in them, what is written, and the account of it that lets a run be taken up again."""
