"""How a restoration is shown: as a diff, as CriticMarkup, as an explanation."""
