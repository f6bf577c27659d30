"""The office tree, the officers who log in, and the dated postings that give them their rights."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Exists, F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import PeriodField
from core.language import in_reader_language
from offices.choices import LEAF_KINDS, OfficeKind, Post
from offices.paths import ancestor_paths
from offices.querysets import OfficeQuerySet, OfficerManager, PostingQuerySet


class Office(models.Model):
    """An office of the department (কার্যালয়). ``code`` is public and stable; ``path`` changes on a move.

    ``since`` is the month from which the present place holds; where it stood before is in `FormerPlace`.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    path = models.CharField(_("path"), max_length=40, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=OfficeKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("superior office"), null=True, blank=True, related_name="children"
    )
    name_bn = models.CharField(_("name in Bangla"), max_length=100, help_text=_("The place only: হাতীবান্ধা"))
    name_en = models.CharField(_("name in English"), max_length=100)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    since = PeriodField(_("at its present place since"), null=True, blank=True, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True, kind=OfficeKind.DEPARTMENT)
                | Q(parent__isnull=False) & ~Q(kind=OfficeKind.DEPARTMENT),
                name="only_the_department_has_no_superior",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The place in the reader's language."""
        return in_reader_language(self.name_bn, self.name_en)

    @property
    def is_leaf(self) -> bool:
        """Whether it enters returns of its own societies (upazila, metropolitan thana)."""
        return self.kind in LEAF_KINDS

    @property
    def ancestor_paths(self) -> tuple[str, ...]:
        """Paths of the superiors, nearest first."""
        return ancestor_paths(self.path)


class FormerPlace(models.Model):
    """Where an office stood up to a month, ``last`` included (পূর্বের স্থান)."""

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="former_places")
    parent = models.ForeignKey(
        Office, models.PROTECT, verbose_name=_("superior office"), null=True, related_name="former_children"
    )
    path = models.CharField(_("path"), max_length=40, unique=True)
    last = PeriodField(_("last month"))

    class Meta:
        verbose_name = _("former place of an office")
        verbose_name_plural = _("former places of offices")
        ordering = ["office", "last"]
        constraints = [models.UniqueConstraint(fields=["office", "last"], name="one_former_place_a_month")]

    def __str__(self) -> str:
        return f"{self.office.code} {self.path} ({self.last})"


class Officer(AbstractBaseUser):
    """A person who logs in (কর্মকর্তা). Rights come from postings alone; ``is_staff`` opens Django's admin.

    ``password_issued_at`` is set while the password is one that a superior's slip carries.
    """

    username = models.CharField(_("log-in name"), max_length=60, unique=True)
    name_bn = models.CharField(_("name in Bangla"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_demo = models.BooleanField(_("demonstration account"), default=False)
    date_joined = models.DateTimeField(_("joined at"), auto_now_add=True)
    password_issued_at = models.DateTimeField(_("one-time password issued at"), null=True, blank=True, editable=False)
    password_issued_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("issued by"), null=True, blank=True, editable=False, related_name="+"
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name_bn", "name_en"]

    objects = OfficerManager()

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The person's name in the reader's language."""
        return in_reader_language(self.name_bn, self.name_en)

    @property
    def must_change_password(self) -> bool:
        """Whether the password in force is a one-time one from a slip: it opens nothing but its own change."""
        return self.password_issued_at is not None

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether a posting in force carries the right (over the row's office). There is no superuser."""
        from offices.rights import posting_for

        return posting_for(self, perm, obj) is not None

    def has_module_perms(self, app_label: str) -> bool:
        """Django's admin asks before it lists an app; each of our admin classes decides for itself."""
        return self.is_active and self.is_staff

    @cached_property
    def current_postings(self) -> list[Posting]:
        """Postings in force today, own charge before acting charge, with their offices: one query a request."""
        from core.clock import today
        from offices.places import remember_none

        rows = self.postings.in_force(today()).select_related("office__parent")
        postings = list(rows.annotate(has_moves=Exists(FormerPlace.objects.order_by())))
        if postings and not vars(postings[0])["has_moves"]:
            remember_none()
        return postings

    @cached_property
    def seen_paths(self) -> list[str]:
        """Subtrees whose rows of a month this officer reads: the postings', and where offices now in them stood."""
        from offices.places import seen_paths

        return seen_paths(posting.office for posting in self.current_postings)

    def postings_on(self, on: date) -> list[Posting]:
        """Postings in force on a day; read anew at each call, for services ask under a lock."""
        return list(self.postings.in_force(on).select_related("office"))


class Posting(models.Model):
    """An officer holds a post in an office from a day to a day, in own or acting charge (পদায়ন)."""

    officer = models.ForeignKey(Officer, models.PROTECT, verbose_name=_("officer"), related_name="postings")
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="postings")
    post = models.CharField(_("post"), max_length=24, choices=Post)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("The last day; blank while it lasts."))
    is_acting = models.BooleanField(_("acting charge"), default=False)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["is_acting", "-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="posting_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()}, {self.office}"


import offices.inbox_models  # noqa: E402, F401 (its rows point back to those above)
