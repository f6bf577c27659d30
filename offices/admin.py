"""Django's admin for officers and postings. Every write goes through the services; offices are only shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.clock import now
from offices.access import officer_of
from offices.admin_rights import ByRight, ReadOnly
from offices.choices import POSTS_OF_KIND, OfficeKind
from offices.models import Office, Officer, Posting
from offices.services import appoint_officer, create_officer, end_posting, update_officer

RIGHT = "offices.manage_officers"


@admin.register(Office)
class OfficeAdmin(ReadOnly, admin.ModelAdmin[Office]):
    right = RIGHT
    list_display = ["code", "name_bn", "name_en", "kind", "parent"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["code", "name_bn", "name_en"]


class NewOfficerForm(forms.ModelForm[Officer]):
    password = forms.CharField(
        label=_("First password"),
        help_text=_("At least ten characters; the officer changes it after the first log-in."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        validators=[validate_password],
    )

    class Meta:
        model = Officer
        fields = ["username", "name_bn", "name_en"]


class OfficerForm(forms.ModelForm[Officer]):
    class Meta:
        model = Officer
        fields = ["name_bn", "name_en", "email", "phone", "is_active"]


@admin.register(Officer)
class OfficerAdmin(ByRight, admin.ModelAdmin[Officer]):
    right = RIGHT
    list_display = ["username", "name_bn", "name_en", "phone", "is_active"]
    search_fields = ["username", "name_bn", "name_en"]

    def get_form(self, request: HttpRequest, obj: Officer | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=OfficerForm if change else NewOfficerForm, **kwargs)

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:
        if change:
            update_officer(officer=obj, fields=form.changed_data, by=officer_of(request), at=now())
            return
        made = create_officer(
            username=obj.username,
            name_bn=obj.name_bn,
            name_en=obj.name_en,
            password=form.cleaned_data["password"],
            by=officer_of(request),
            at=now(),
        )
        obj.pk = made.pk


class PostingForm(forms.ModelForm[Posting]):
    class Meta:
        model = Posting
        fields = ["officer", "office", "post", "starts_on", "ends_on", "is_acting"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        office, post = data.get("office"), data.get("post")
        if office and post and post not in POSTS_OF_KIND[OfficeKind(office.kind)]:
            self.add_error("post", ValidationError(_("This office has no such post.")))
        return data


@admin.register(Posting)
class PostingAdmin(ByRight, admin.ModelAdmin[Posting]):
    right = RIGHT
    form = PostingForm
    list_display = ["officer", "post", "office", "starts_on", "ends_on", "is_acting"]
    list_filter = ["post", "is_acting"]
    list_select_related = ["officer", "office"]
    search_fields = ["officer__username", "officer__name_bn", "office__code", "office__name_bn"]
    autocomplete_fields = ["officer", "office"]

    def get_readonly_fields(self, request: HttpRequest, obj: Posting | None = None) -> list[str]:
        """A posting that stands can only be ended; anything else is a new posting."""
        return ["officer", "office", "post", "starts_on", "is_acting"] if obj else []

    def save_model(self, request: HttpRequest, obj: Posting, form: Any, change: bool) -> None:
        data, by = form.cleaned_data, officer_of(request)
        if change:
            if data["ends_on"]:
                end_posting(posting=obj, ends_on=data["ends_on"], by=by, at=now())
            return
        obj.pk = appoint_officer(**data, by=by, at=now()).pk
