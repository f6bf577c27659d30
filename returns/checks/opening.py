"""An opening that does not stand on a verified closing."""

from __future__ import annotations

from returns.checks.dossier import Answer, Dossier, Doubt, MovedOpening

CODE = "opening"
CHANGED = 95
UNVERIFIED = 60


def ask(dossier: Dossier) -> Answer:
    """The return is doubted where an opening is not the closing of the month before as it stands now (strength 95, at
    the first such cell), or where that month or the baseline is not verified (60). Both stop a verdict anyway."""
    if dossier.moved:
        return [_moved(dossier, dossier.moved[0])]
    if not dossier.opening_is_verified:
        return [
            Doubt(
                CODE,
                _first_opening(dossier),
                UNVERIFIED,
                "প্রারম্ভিক স্থিতি যে মাস থেকে এসেছে তা এখনো যাচাই হয়নি। আগে সেটি যাচাই করুন।",
                "The openings come from a month that is not verified yet. Verify that first.",
            )
        ]
    return []


def _first_opening(dossier: Dossier) -> str:
    return next((c.key for c in dossier.catalogue.cells if c.line.opening_of), dossier.catalogue.cells[0].key)


def _moved(dossier: Dossier, one: MovedOpening) -> Doubt:
    name_bn, name_en = dossier.names(one.cell)
    is_bn, is_en = dossier.texts(one.cell, one.opened_with)
    now_bn, now_en = dossier.texts(one.cell, one.closing)
    return Doubt(
        CODE,
        one.cell,
        CHANGED,
        f"{name_bn}-এর প্রারম্ভিক {is_bn}, আগের মাসের সমাপনী এখন {now_bn}। রিটার্ন ফেরত পাঠান; তখন নতুন সমাপনী নেবে।",
        f"{name_en} opens with {is_en}, the month before now closes with {now_en}. "
        "Send the return back; it then takes that.",
    )
