"""The English normaliser of Whisper, on which published word error rates rest, against what `Tests/Golden` says of it."""

from pathlib import Path

import pytest
from whisper_normalizer.english import EnglishTextNormalizer

GOLDEN = Path(__file__).parent.parent / "Golden"


def rows(file):
    return [line.split("\t") for line in (GOLDEN / file).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def words():
    normalizer = EnglishTextNormalizer()
    return lambda text: " ".join(normalizer(text).split())


def test_each_text_has_the_words_that_are_on_record(words):
    wrong = {text: words(text) for text, whisper, _ in rows("english-words.tsv") if words(text) != whisper}
    assert not wrong


def test_each_difference_is_one(words):
    for text, whisper, ours, reason in rows("english-words-differences.tsv"):
        assert words(text) == whisper != ours, text
        assert reason
