"""Which language the reader reads."""

from collections.abc import Mapping

from coopledger.text import Language

LANGUAGES = ("en", "zh")


def reader_language(environment: Mapping[str, str]) -> Language:
    """Chinese if the environment's locale is Chinese, English otherwise.

    >>> reader_language({"LANG": "zh_CN.UTF-8"}), reader_language({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"})
    ('zh', 'en')
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
