"""The rules of a book, looked for all together."""

from coopledger.core.charter import BOOK, book, check_waterfall
from coopledger.core.contribution_audit import check_contributions
from coopledger.core.conversion import check_conversions
from coopledger.core.fund import check_controls, check_leavers
from coopledger.core.journal import View
from coopledger.core.lapse import check_lapses
from coopledger.core.register_audit import audit_register
from coopledger.core.reserved import check_readable
from coopledger.core.run import check_owed
from coopledger.core.voucher import check_vouchers, vouchers
from coopledger.errors import Problem


def problems(view: View) -> list[Problem]:
    """Everything in a book that violates a rule: of its register, funds, contributions, charts, runs and vouchers.

    And what lapsed of runs and should not have, and what of its law the waterfall of its charter breaks.

    The journal's own promises (the chain, the guards, the personal rows) are looked for by
    :meth:`~coopledger.core.journal.Journal.verify`, for a view shows only what was appended.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     problems(view)
    []
    """
    if unreadable := check_readable(view):  # all else is folded from these
        return unreadable
    founded = next(view.records(BOOK), None) is not None  # before its founding there is no register
    return [
        *(audit_register(view) if founded else []),
        *check_controls(view),
        *(check_leavers(view) if founded else []),
        *check_contributions(view),
        *check_conversions(view),
        *check_owed(view),
        *check_lapses(view),
        *check_vouchers(vouchers(view)),
        *(check_waterfall(book(view).charter) if founded else []),
    ]
