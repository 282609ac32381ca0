"""What a text passes on its way to being restored: one stage, one kind of repair."""
