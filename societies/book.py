"""The register of an upazila or district in one workbook: what it asks for, and the verdict on each of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import UserError
from core.forms import BanglaDateField, CleanTextField
from core.periods import dhaka_date
from core.text import search_key
from core.workbooks.lists import ListColumn, ListDelivery, ListRow, Wrong, chosen_texts, write_list, wrong_cells
from offices.models import Office, Officer
from offices.rights import offices_reached
from offices.titles import office_title
from societies.choices import EventKind, Sponsor, Status, Tier, society_classes
from societies.forms import SocietyForm
from societies.models import Society
from societies.services import check_registration, district_of

RIGHT = "societies.register_society"
KIND = "apa-portal societies/1"
#: What a request may take the time for; a larger register comes in parts.
MOST = 500
#: The event by which a society that was registered once came to stand where it stands now.
EVENT_INTO = {
    Status.NON_FUNCTIONAL: EventKind.MADE_NON_FUNCTIONAL,
    Status.UNDER_LIQUIDATION: EventKind.PLACED_UNDER_LIQUIDATION,
    Status.CANCELLED: EventKind.CANCELLED,
}
STATUSES = (Status.FUNCTIONAL, *EVENT_INTO)


class SocietyRowForm(SocietyForm):
    """A row of the workbook, judged as the page for one society judges what is typed there."""

    office = forms.TypedChoiceField()
    status = forms.TypedChoiceField(
        choices=[(one.value, "") for one in STATUSES],
        coerce=Status,
        required=False,
        empty_value=Status.FUNCTIONAL.value,
    )
    status_on = BanglaDateField(required=False)
    status_order = CleanTextField(max_length=80, required=False)
    reason = CleanTextField(max_length=1000, required=False)

    def __init__(self, data: Mapping[str, str], *, offices: Mapping[str, Office], at: datetime) -> None:
        super().__init__(data)
        self.at = at
        office = self.fields["office"]
        assert isinstance(office, forms.TypedChoiceField)
        office.choices, office.coerce = [(code, "") for code in offices], offices.__getitem__
        office.error_messages["invalid_choice"] = _("This is none of the offices of the list. Choose one from it.")
        for name in ("tier", "sponsor", "class_code", "status"):
            self.fields[name].error_messages["invalid_choice"] = _("Choose a word from the list of the cell.")

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        fields["status"] = Status(fields.get("status") or Status.FUNCTIONAL)
        if fields["status"] is not Status.FUNCTIONAL:
            self._check_status(fields)
        if not self.errors:
            try:
                check_registration(Society(**registration(fields)), self.at)
            except UserError as error:
                self.add_error(error.cell or None, str(error.message))
        return fields

    def _check_status(self, fields: dict[str, Any]) -> None:
        on: date | None = fields.get("status_on")
        registered: date | None = fields.get("reg_on")
        if on is None and "status_on" not in self.errors:
            self.add_error("status_on", _("Write since when the society stands so."))
        elif on and on > dhaka_date(self.at):
            self.add_error("status_on", _("The date lies ahead. Write the date of the order, not later than today."))
        elif on and registered and on < registered:
            self.add_error("status_on", _("The society was registered only after this day. Correct one of the dates."))
        if fields["status"] is Status.CANCELLED and not fields.get("reason"):
            self.add_error("reason", _("Cancelling without liquidation needs a reason. Write it."))


def registration(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the registration alone."""
    names = ("office", "name_bn", "name_en", "reg_no", "reg_on", "tier", "sponsor", "class_code")
    return {name: fields[name] for name in (*names, "union", "ward", "address")}


@dataclass(frozen=True)
class SocietyVerdict:
    """A row: what would be entered, or what is wrong where; ``is_known`` stands in the register already."""

    row: ListRow
    fields: Mapping[str, Any]
    wrong: Sequence[Wrong]
    is_known: bool = False

    @property
    def is_new(self) -> bool:
        return not self.wrong and not self.is_known

    @property
    def office(self) -> Office | None:
        found: Office | None = self.fields.get("office")
        return found


def offices_of_book(by: Officer, scope: Office) -> list[Office]:
    """The working leaf offices at or below one whose registers ``by`` keeps."""
    rows = offices_reached(by, RIGHT).below(scope).leaves().filter(closed_on=None)
    return list(rows.select_related("parent").order_by("path"))


def book_columns(offices: Sequence[Office]) -> list[ListColumn]:
    """The columns in Bangla, whatever language the reader has."""
    with translation.override("bn"):
        classes = {code: known.label for code, known in society_classes().items()}
        return [
            ListColumn("office", _("Office"), 44, {one.code: f"{office_title(one)} ({one.code})" for one in offices}),
            ListColumn("name_bn", _("Name in Bangla"), 36),
            ListColumn("name_en", _("Name in English"), 30),
            ListColumn("reg_no", _("Registration number"), 16),
            ListColumn("reg_on", _("Registered on"), 14),
            ListColumn("order_number", _("Order number"), 20),
            ListColumn("tier", _("Tier"), 14, {one.value: str(one.label) for one in Tier}),
            ListColumn("sponsor", _("Sponsor"), 22, {one.value: str(one.label) for one in Sponsor}),
            ListColumn("class_code", _("Class"), 26, classes),
            ListColumn("union", _("Union or municipality"), 22),
            ListColumn("ward", _("Ward"), 10),
            ListColumn("address", _("Village and address"), 28),
            ListColumn("status", _("Status"), 20, {one.value: str(one.label) for one in STATUSES}),
            ListColumn("status_on", _("In this status since"), 18),
            ListColumn("status_order", _("Order number of the status"), 20),
            ListColumn("reason", _("Reason"), 28),
        ]


def write_book(by: Officer, scope: Office, *, at: datetime) -> bytes:
    """The workbook to fill in, in Bangla."""
    with translation.override("bn"):
        return write_list(
            {"kind": KIND, "office": scope.code},
            book_columns(offices_of_book(by, scope)),
            title=_("Register of societies: %(office)s") % {"office": office_title(scope)},
            note=_(
                "One row for each society. Office, tier, sponsor, class and status are chosen from lists. A blank "
                "status means functional. Dates: day/month/year."
            ),
            rows=MOST,
            at=at,
        )


def judge_societies(delivery: ListDelivery, by: Officer, scope: Office, *, at: datetime) -> list[SocietyVerdict]:
    """The verdict on each row as things stand now; a constant number of queries."""
    offices = {office.code: office for office in offices_of_book(by, scope)}
    columns = book_columns(list(offices.values()))
    rows = [(row, SocietyRowForm(chosen_texts(row, columns), offices=offices, at=at)) for row in delivery.rows]
    for _row, form in rows:
        form.full_clean()
    known = _refuse_taken_numbers([form for _row, form in rows])
    return [
        SocietyVerdict(row, form.cleaned_data, wrong_cells(row, columns, form.errors), form in known)
        for row, form in rows
    ]


def _number(fields: Mapping[str, Any]) -> tuple[int, str, int] | None:
    """A registration number is one of its district and year."""
    if not all(fields.get(name) for name in ("office", "reg_no", "reg_on")):
        return None
    return district_of(fields["office"]).pk, search_key(fields["reg_no"]), fields["reg_on"].year


def _refuse_taken_numbers(rows: Sequence[SocietyRowForm]) -> set[SocietyRowForm]:
    """Refuse numbers that stand twice or belong to another society; return the rows already in the register."""
    numbers = Counter(number for form in rows if (number := _number(form.cleaned_data)))
    taken = Society.objects.filter(
        registered_in__in={district for district, _key, _year in numbers}, reg_key__in={key for _d, key, _y in numbers}
    )
    held = {(one.registered_in_id, one.reg_key, one.reg_year): one for one in taken}
    known = set()
    for form in rows:
        number = _number(form.cleaned_data)
        if number is None:
            continue
        there = held.get(number)
        if numbers[number] > 1:
            form.add_error("reg_no", _("This number and year stand in two rows. Delete or correct one of them."))
        elif there is not None and there.sort_key == search_key(form.cleaned_data.get("name_bn", "")):
            known.add(form)
        elif there is not None:
            message = _("“%(name)s” has this number in the register of the district. Correct the number or the name.")
            form.add_error("reg_no", message % {"name": there.name})
    return known
