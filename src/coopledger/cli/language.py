"""Which language the reader reads, and how click comes to speak it."""

import gettext
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from coopledger.text import Language, reader_language

LANGUAGES = ("en", "zh")

_DOMAIN = "coopledger"
_LOCALES = os.path.join(os.path.dirname(__file__), "locale")


def asked_language(words: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language that a command line asks for by ``--lang``, read before its words are; or the environment's.

    >>> asked_language(["book", "verify", "--lang", "zh"], {}), asked_language(["book", "verify"], {"LANG": "C"})
    ('zh', 'en')
    """
    for n, word in enumerate(words):
        name, sign, value = word.partition("=")
        seen = value if sign else next(iter(words[n + 1 : n + 2]), "")
        if name == "--lang" and seen in LANGUAGES:
            return "zh" if seen == "zh" else "en"
    return reader_language(environment)


@contextmanager
def click_speaking(language: Language) -> Iterator[None]:
    """Let click say its own words in a language: it asks gettext for them, and gettext the environment."""
    before, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(_DOMAIN, _LOCALES)
    gettext.textdomain(_DOMAIN)
    try:
        yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop("LANGUAGE")
        if before is not None:
            os.environ["LANGUAGE"] = before
