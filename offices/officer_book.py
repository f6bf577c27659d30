"""New officers of a district in one workbook: what it asks for, and the verdict on each of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _

from core.clock import today
from core.errors import UserError
from core.forms import BanglaDateField
from core.workbooks.lists import ListColumn, ListDelivery, ListRow, Wrong, chosen_texts, write_list, wrong_cells
from offices.choices import HEAD_OF_KIND, POSTS_OF_KIND, OfficeKind, Post
from offices.models import Office, Officer, Posting
from offices.officer_forms import AccountForm
from offices.services.officers import login_of
from offices.services.postings import check_posting
from offices.subordinates import offices_managed_by
from offices.titles import office_title, post_title

KIND = "apa-portal officers/1"
#: More slips than anybody hands out at once; each account costs a slow hash of its password.
MOST, BLANK_ROWS = 60, 60


class OfficerRowForm(AccountForm):
    """A row of the workbook, judged as the page for one officer judges what is typed there."""

    office = forms.TypedChoiceField()
    post = forms.TypedChoiceField(coerce=Post)
    starts_on = BanglaDateField()
    is_acting = forms.TypedChoiceField(
        choices=[("true", ""), ("false", "")], coerce=lambda text: text == "true", required=False
    )

    def __init__(self, data: Mapping[str, str], *, offices: Mapping[str, Office]) -> None:
        super().__init__(data)
        office, post = self.fields["office"], self.fields["post"]
        assert isinstance(office, forms.TypedChoiceField) and isinstance(post, forms.TypedChoiceField)
        office.choices, office.coerce = [(code, "") for code in offices], offices.__getitem__
        office.error_messages["invalid_choice"] = _("This is none of the offices of the list. Choose one from it.")
        post.choices = Post.choices
        for name in ("post", "is_acting"):
            self.fields[name].error_messages["invalid_choice"] = _("Choose a word from the list of the cell.")

    def clean_username(self) -> str:
        try:
            return login_of(self.cleaned_data["username"])
        except UserError as error:
            raise forms.ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        fields["is_acting"] = bool(fields.get("is_acting"))
        if fields.get("office") and fields.get("post"):
            try:
                check_posting(fields["office"], fields["post"], fields.get("starts_on") or today())
            except UserError as error:
                self.add_error("post", str(error.message))
        return fields


@dataclass(frozen=True)
class OfficerVerdict:
    """A row: what would be made of it (``fields`` of `invite_officer`), or what is wrong where."""

    row: ListRow
    fields: Mapping[str, Any]
    wrong: Sequence[Wrong]

    @property
    def posting(self) -> str:
        """Post and office of a row that is right."""
        office = self.fields["office"]
        return f"{post_title(self.fields['post'], office)}, {office_title(office)}"


def offices_of_book(by: Officer, scope: Office) -> list[Office]:
    """The offices at or below one to which ``by`` may post officers."""
    return list(offices_managed_by(by).below(scope).filter(closed_on=None).order_by("path"))


def book_columns(offices: Sequence[Office]) -> list[ListColumn]:
    """The columns in Bangla, whatever language the reader has."""
    with translation.override("bn"):
        posts = dict.fromkeys(post for office in offices for post in POSTS_OF_KIND[OfficeKind(office.kind)])
        return [
            ListColumn("office", _("Office"), 46, {one.code: f"{office_title(one)} ({one.code})" for one in offices}),
            ListColumn("post", _("Post"), 30, {post.value: str(post.label) for post in posts}),
            ListColumn("name_bn", _("Name in Bangla"), 28),
            ListColumn("name_en", _("Name in English"), 28),
            ListColumn("username", _("Log-in name"), 24),
            ListColumn("phone", _("Phone"), 18),
            ListColumn("starts_on", _("Posted from"), 14),
            ListColumn("is_acting", _("Acting charge"), 16, {"true": _("yes"), "false": _("no")}),
        ]


def write_book(by: Officer, scope: Office, *, at: datetime) -> bytes:
    """The workbook to fill in, in Bangla."""
    offices = offices_of_book(by, scope)
    with translation.override("bn"):
        return write_list(
            {"kind": KIND, "office": scope.code},
            book_columns(offices),
            title=_("New officers: %(office)s") % {"office": office_title(scope)},
            note=_(
                "One row for each officer. Choose office and post from the lists. The log-in name has small English "
                "letters, digits and dots, and never changes. Date: day/month/year."
            ),
            rows=BLANK_ROWS,
            at=at,
        )


def judge_officers(delivery: ListDelivery, by: Officer, scope: Office) -> list[OfficerVerdict]:
    """The verdict on each row as things stand now; a constant number of queries."""
    offices = {office.code: office for office in offices_of_book(by, scope)}
    columns = book_columns(list(offices.values()))
    forms_by_row = [(row, OfficerRowForm(chosen_texts(row, columns), offices=offices)) for row in delivery.rows]
    for _row, form in forms_by_row:
        form.full_clean()
    _refuse_taken_names([form for _row, form in forms_by_row])
    _refuse_taken_seats([form for _row, form in forms_by_row])
    return [
        OfficerVerdict(row, form.cleaned_data, wrong_cells(row, columns, form.errors)) for row, form in forms_by_row
    ]


def _refuse_taken_names(rows: Sequence[OfficerRowForm]) -> None:
    names = Counter(name for form in rows if (name := form.cleaned_data.get("username")))
    taken = set(Officer.objects.filter(username__in=names).values_list("username", flat=True))
    for form in rows:
        name = form.cleaned_data.get("username")
        if name in taken:
            message = _("The log-in name “%(login)s” is taken. Choose another.") % {"login": name}
            form.add_error("username", message)
        elif name and names[name] > 1:
            form.add_error("username", _("“%(login)s” stands in two rows. Delete one of them.") % {"login": name})


def _refuse_taken_seats(rows: Sequence[OfficerRowForm]) -> None:
    """An office has one head in own charge: not a second one, neither beside who sits there nor in another row."""
    heads = [(form, seat) for form in rows if (seat := _head_seat(form.cleaned_data))]
    asked = Counter(seat for _form, seat in heads)
    lasting = Posting.objects.in_force(today()).filter(office__code__in={code for code, _post in asked})
    held = {
        (posting.office.code, posting.post): posting.officer
        for posting in lasting.filter(is_acting=False).select_related("office", "officer")
    }
    for form, seat in heads:
        if seat in held:
            form.add_error(
                "post",
                _("%(name)s (%(login)s) holds this post. End that posting first, or write “yes” under acting charge.")
                % {"name": held[seat], "login": held[seat].username},
            )
        elif asked[seat] > 1:
            form.add_error("post", _("Two rows give the same office a head. Correct one of them."))


def _head_seat(fields: Mapping[str, Any]) -> tuple[str, Post] | None:
    office, post = fields.get("office"), fields.get("post")
    if office is None or post is None or fields.get("is_acting"):
        return None
    return (office.code, post) if HEAD_OF_KIND[OfficeKind(office.kind)] == post else None
