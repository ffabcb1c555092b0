"""Messages: what the library says to people, in English and in Chinese.

A message is an English template with named values. It is put into words as late as possible, at the edge,
where the reader's language is known; everything below passes messages around as data.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Literal

from coopledger.catalogue import Catalogue, chinese

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class Message:
    """An English template and its named values; ``say`` puts it into words.

    Values may be messages themselves, or anything that has a ``say(language)`` of its own (quantities, units).

    >>> message = Message("{count} years are expected, {seen} are listed", count=40, seen=39)
    >>> str(message)
    '40 years are expected, 39 are listed'
    >>> message.say("zh")
    '应有 40 年，只列了 39 年'
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, /, **values: Any) -> None:
        self.template = template
        self.values = values

    def say(self, language: Language = "en") -> str:
        """The message in words. A template that has no Chinese yet is said in English."""
        return translated(self.template, language).format_map(
            {name: said(value, language) for name, value in self.values.items()}
        )

    def __str__(self) -> str:
        return self.say()

    def __repr__(self) -> str:
        return f"Message({self.say()!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash((self.template, self.say()))


def said(value: object, language: Language) -> str:
    """Any value in words: by its own ``say`` where it has one, items of a sequence one after the other."""
    say = getattr(value, "say", None)
    if say is not None:
        return str(say(language))
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(said(item, language) for item in value)
    return str(value)


@lru_cache(maxsize=4096)  # of what a table says in every row
def translated(template: str, language: Language) -> str:
    """The template in another language; the English one where there is no translation, or the language is none of ours.

    >>> Message("none").say("zh"), Message("none").say("de")  # mypy forbids the second
    ('无', 'none')
    """
    if language != "zh":
        return template
    return _chinese().find(template) or template


@cache  # and only when it is asked for: start-up time
def _chinese() -> Catalogue:
    return chinese()


def printable(text: str) -> str:
    r"""The text with its control characters and line ends written out, so that they do nothing to a terminal.

    >>> printable("a\x1b[2Jb\n")
    'a\\x1b[2Jb\\n'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def reader_language(environment: Mapping[str, str]) -> Language:
    """Chinese if the environment's locale is Chinese, English otherwise.

    >>> reader_language({"LANG": "zh_CN.UTF-8"}), reader_language({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"})
    ('zh', 'en')
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
