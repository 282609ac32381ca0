"""What can go wrong, as sentences for the user: each error names what was wrong, where, and what to do."""


class DespinError(Exception):
    """Base class of every error that despin raises on purpose; its text is one sentence for the user."""


class InputError(DespinError):
    """An input cannot be read as text: binary, undecodable, missing or unreadable."""


class TooLargeError(InputError):
    """A document is longer than the limit in `Settings.max_characters`."""


class UnrelatedError(InputError):
    """Texts that were to be merged are no copies of each other.

    Attributes:
        reason: what shows it.
        number: which of the texts is no copy of the base, counted from 0.
    """

    def __init__(self, reason: str, number: int, base: int) -> None:
        super().__init__(reason, number, base)
        self.reason = reason
        self.number = number

    def __str__(self) -> str:
        _, number, base = self.args
        return f"text {number + 1} is no copy of text {base + 1}: {self.reason}"


class LexiconError(DespinError):
    """A lexicon file breaks the format; the text names file and line."""


class ConfigError(DespinError):
    """A configuration file or a setting is wrong; the text names the key."""


class ModelError(DespinError):
    """A model, or a library that makes or runs one, is not installed or does not load."""


class ReplayError(DespinError):
    """A plan of edits does not fit the text that it is replayed on."""
