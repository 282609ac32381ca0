"""despin inside other frameworks."""
