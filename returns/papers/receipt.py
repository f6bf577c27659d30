"""The paper that says an office submitted its return: who, what, when, and the hash of the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from core.errors import UserError
from core.numbers import to_bangla_digits
from core.periods import DHAKA, Period
from documents.registry import Fact, Paper, Source, paper
from returns.models import Return
from returns.papers.office_return import full_title
from returns.papers.says import baseline_is_demo, hand, office_fact, period_fact
from returns.receipts import receipt_of

RECEIPT = "returns.receipt"


@paper(RECEIPT, gettext_lazy("Receipt of a submission"))
def receipt_paper(*, office: str, period: str, number: int) -> Paper:
    """The receipt of a submitted version. `UserError` if it was not submitted."""
    rows = Return.objects.select_related("office__parent", "form")
    ret = rows.filter(office__code=office, period=Period.parse(period)).first()
    receipt = receipt_of(ret, number) if ret else None
    if ret is None or receipt is None:
        raise UserError(gettext_lazy("This return has not been submitted yet; there is no receipt."))
    at = f"{receipt.submitted_at.astimezone(DHAKA):%d/%m/%Y, %H:%M}"
    label_bn, label_en = ret.period.label("bn"), ret.period.label("en")
    source = Source(
        f"returns.submission:{ret.pk}:{number}",
        str(number),
        receipt.submitted_at,
        f"জমা: {ret.office.name_bn}, {label_bn}",
        f"Submission: {ret.office.name_en}, {label_en}",
    )
    return Paper(
        template="pdf/receipt.html",
        context={
            "office_bn": full_title(ret.office),
            "period_bn": label_bn,
            "number": to_bangla_digits(str(number)),
            "form": to_bangla_digits(f"{ret.form.code}/{ret.form.number}"),
            "hand": hand("জমা দিয়েছেন", receipt.submitted_by, receipt.submitted_at, ret.office),
            "figures": to_bangla_digits(str(receipt.figures)),
            "is_nil": receipt.is_nil,
            "data_hash": receipt.data_hash,
            "superior_bn": ret.office.parent.name_bn if ret.office.parent else "",
        },
        title_bn=f"জমার রসিদ: {ret.office.name_bn}, {label_bn}",
        title_en=f"Receipt of submission: {ret.office.name_en}, {label_en}",
        subject=receipt.subject,
        office_path=ret.office.path,
        sources=(source,),
        data_at=receipt.submitted_at,
        facts=(
            office_fact(ret.office),
            period_fact(ret.period),
            Fact("সংস্করণ", "Version", to_bangla_digits(str(number)), str(number)),
            Fact("জমার সময়", "Submitted at", to_bangla_digits(at), at),
            Fact("সংখ্যাগুলোর SHA-256", "SHA-256 of the figures", receipt.data_hash, receipt.data_hash),
        ),
        is_demo=baseline_is_demo(ret.office),
    )
