"""One contract suite for every store.

A store's test module has one class that says how an empty book is made::

    class TestMemory(Contract):
        def make(self, book, clock, salt):
            return MemoryJournal(book, clock=clock, salt=salt)
"""

from tests.store.promises.appending import Appending
from tests.store.promises.golden import Golden
from tests.store.promises.guards import Guards
from tests.store.promises.hostile import Hostile
from tests.store.promises.opened import Opened
from tests.store.promises.persons import Persons
from tests.store.promises.reading import Reading
from tests.store.promises.repeating import Repeating
from tests.store.promises.reversals import Reversals
from tests.store.promises.times import Times
from tests.store.promises.together import Together
from tests.store.promises.verifying import Verifying


class Contract(
    Appending, Repeating, Times, Opened, Guards, Reversals, Reading, Persons, Hostile, Together, Golden, Verifying
):
    """Every promise of the journal."""
