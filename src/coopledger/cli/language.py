"""Which language the reader reads, and how click comes to speak it."""

import gettext
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from coopledger.text import Language, reader_language

LANGUAGES = ("en", "zh")

_OF_CLICK = "click"
_LOCALES = os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale")
_IN_GETTEXT: Mapping[Language, str] = {"en": "en", "zh": "zh_CN"}
_SPOKEN: ContextVar[Language] = ContextVar("spoken", default="en")


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


def spoken() -> Language:
    """The language in which the program speaks just now: what helps ask, which click writes."""
    return _SPOKEN.get()


@contextmanager
def click_speaking(language: Language) -> Iterator[None]:
    """Let helps and click's own words be said in a language: click asks gettext for them, gettext the environment."""
    before, domain, token = os.environ.get("LANGUAGE"), gettext.textdomain(), _SPOKEN.set(language)
    os.environ["LANGUAGE"] = _IN_GETTEXT[language]
    gettext.bindtextdomain(_OF_CLICK, _LOCALES)
    gettext.textdomain(_OF_CLICK)
    try:
        yield
    finally:
        _SPOKEN.reset(token)
        gettext.textdomain(domain)
        os.environ.pop("LANGUAGE")
        if before is not None:
            os.environ["LANGUAGE"] = before
