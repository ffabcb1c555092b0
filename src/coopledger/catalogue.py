"""Catalogues: what translators write is compiled (gettext's MO format), and one text of it is found by halving.

Nothing is read of a text that nobody asks for: a command that says three things waits for three.
"""

from bisect import bisect_left
from struct import unpack_from

_HEAD = "<4x4xIII"
"""Of the file's head: how many texts there are, and where the tables of the texts and of their translations begin."""


class Catalogue:
    r"""The texts of one compiled catalogue.

    >>> of_one = bytes.fromhex("de120495 00000000 01000000 1c000000 24000000 00000000 2c000000")
    >>> of_one += bytes.fromhex("05000000 2c000000 06000000 32000000") + "votes\0票数\0".encode()
    >>> Catalogue(of_one).find("votes"), Catalogue(of_one).find("shares")
    ('票数', None)
    """

    __slots__ = ("_count", "_data", "_texts", "_translations")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._count, self._texts, self._translations = unpack_from(_HEAD, data)

    def find(self, text: str) -> str | None:
        """The translation of a text; None if there is none."""
        wanted = text.encode(errors="surrogatepass")
        n = bisect_left(range(self._count), wanted, key=lambda n: self._at(self._texts, n))
        if n == self._count or self._at(self._texts, n) != wanted:
            return None
        return self._at(self._translations, n).decode()

    def _at(self, table: int, n: int) -> bytes:
        length, place = unpack_from("<II", self._data, table + 8 * n)
        return self._data[place : place + length]


def chinese() -> Catalogue:
    """What the library and its command line say, in the Chinese of the mainland (zh-CN)."""
    folder = __file__.rpartition("catalogue")[0]
    with open(f"{folder}locale/zh_CN/LC_MESSAGES/coopledger.mo", "rb") as file:
        return Catalogue(file.read())
