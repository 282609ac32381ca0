"""What the rules of grammar see of a block."""

from despin.grammar.words import Slip, Words


class Longest:
    """A judge that likes long readings."""

    name = "longest"

    def score(self, passage, slots):  # type: ignore[no-untyped-def]
        assert passage.words[slots[0].start : slots[0].end] == slots[0].readings[0]
        return [[float(len(" ".join(reading))) for reading in slot.readings] for slot in slots]


def never():  # type: ignore[no-untyped-def]
    raise AssertionError("nothing asked for tags")


def test_contractions_and_compounds_are_one_word() -> None:
    words = Words("Don't use well-known tools (or U.S. ones), 'he' said.", never)
    assert words.words[:4] == ["Don't", "use", "well-known", "tools"]
    assert [words.text[start:end] for start, end in words.spans] == words.words


def test_a_word_follows_another_on_the_same_line_only() -> None:
    words = Words("one two\nthree, four\u00a0five six-seven", never)
    assert [words.lower[i] for i in range(len(words.lower)) if words.follows(i)] == ["two", "four", "five", "six-seven"]


def test_sentences_are_cut_at_their_ends() -> None:
    words = Words("It rains. We stay; you go!", never)
    assert [words.lower[i] for i in range(len(words.lower)) if words.opens(i)] == ["it", "we", "you"]
    assert words.sentence(4) == (3, 6)


def test_tags_are_those_of_the_words(despinner) -> None:  # type: ignore[no-untyped-def]
    text = "The well-fed dogs don't bark."
    words = Words(text, lambda: despinner.nlp(text))
    assert [words.tag(i) for i in (0, 2, 4, 9, -1)] == ["DT", "NNS", "VB", "", ""]


def test_a_judge_tells_how_much_better_a_repair_is_than_words_and_rivals() -> None:
    words = Words("He ate a apple.", never)
    assert words.preferences(Slip(2, 3, "an", "", 0.9, rivals=("and",)), Longest()) == [1.0, -1.0]
