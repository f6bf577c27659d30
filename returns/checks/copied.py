"""A month copied from the month before."""

from __future__ import annotations

from core.numbers import Unit, to_bangla_digits
from returns.catalogue import Cell
from returns.checks.dossier import Answer, Dossier, Doubt

CODE = "copied"
#: A flow counts from five (or fifty taka) on: ones and twos are the same by chance.
COUNTED = 5
#: Flows to compare; with fewer, the same figures may well be true.
FEWEST = 4
#: Hundredths of them that must be the same.
SHARE = 75


def ask(dossier: Dossier) -> Answer:
    """The typed flows are doubted together where at least 75 per cent of those that count, and four at least, are the
    same as in the month before.

    A flow counts where it is five or more (50 taka or more) in one of the two months and is not the registers' figure.
    Strength: 60 at three quarters, 85 where all are the same; the doubt stands at the first of them. Limits: a month in
    which only a few figures were copied is not seen, nor one in which little happened.
    """
    if not dossier.history or not dossier.history[-1]:
        return None
    compared = [(cell, amount) for cell, amount in dossier.typed_flows if _counts(dossier, cell, amount)]
    if len(compared) < FEWEST:
        return None
    same = [cell for cell, amount in compared if dossier.last_month(cell.key) == amount]
    share = 100 * len(same) // len(compared)
    if len(same) < FEWEST or share < SHARE:
        return []
    return [_doubt(dossier, same, len(compared), 60 + 25 * (share - SHARE) // (100 - SHARE))]


def _counts(dossier: Dossier, cell: Cell, amount: int) -> bool:
    last = dossier.last_month(cell.key)
    unit = 1_000 if cell.line.unit in (Unit.TAKA, Unit.LAKH) else 1
    return last is not None and max(amount, last) >= COUNTED * unit


def _doubt(dossier: Dossier, same: list[Cell], of: int, strength: int) -> Doubt:
    codes = list(dict.fromkeys(cell.line.code for cell in same))[:5]
    names_bn = ", ".join(dossier.names(code)[0] for code in codes)
    count, whole = to_bangla_digits(str(len(same))), to_bangla_digits(str(of))
    return Doubt(
        CODE,
        same[0].key,
        strength,
        f"এ মাসের {whole}টি সংখ্যার {count}টি হুবহু আগের মাসের ({names_bn} …)। আগের মাস নকল করা হয়েছে কি না জিজ্ঞাসা করুন।",
        f"{len(same)} of this month's {of} figures are exactly those of the month before ({', '.join(codes)} …). "
        "Ask whether the month was copied.",
    )
