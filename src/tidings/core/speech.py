"""What is said in English here, and in the reader's language on a page: tidings/speech.py; here nobody knows Django."""


def say(words: str) -> str:
    """Marks words that are put into a sentence, for the catalogues."""
    return words
