"""``set_up_portal [--admin LOGIN]``: what an instance needs before anybody can work in it. Safe to call again."""

from __future__ import annotations

import os
import secrets
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core import clock
from core.errors import UserError
from core.legal import load_legal_settings
from offices.choices import Post
from offices.models import Officer, Posting
from offices.services import create_administrator
from offices.tree import load_offices
from returns.models import Form
from returns.services.forms import FORM_FILE, publish_form

#: Read aloud and typed once: no letter that looks like another.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
NAME_BN, NAME_EN = "পোর্টাল প্রশাসক", "Portal administrator"


class Command(BaseCommand):
    help = "Load offices and legal settings, make the first administrator, publish the form; what is there stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--admin", default=os.environ.get("PORTAL_ADMIN", ""), help="the administrator's log-in")
        parser.add_argument("--name-bn", default="", help="name in Bangla")
        parser.add_argument("--name-en", default="", help="name in English")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PORTAL_DEMO:
            raise CommandError(f"{settings.PORTAL_HOME} is a demonstration. Choose another PORTAL_HOME.")
        try:
            with transaction.atomic():
                load_offices()
                load_legal_settings()
                password = self._administrator(**options)
                if not Form.objects.exists():
                    form = publish_form(FORM_FILE, by=administrators()[0], at=clock.now())
                    self.stdout.write(f"Form {form} is in use from {form.valid_from}.")
        except UserError as error:
            raise CommandError(str(error.message)) from error
        if password:
            self.stdout.write(f"Password: {password}\nIt is shown this once; the first log-in asks for another.")

    def _administrator(self, *, admin: str, name_bn: str, name_en: str, **_options: Any) -> str:
        """Make the first administrator and give the password; nothing if there is one already."""
        there = administrators()
        if there:
            if admin and admin.strip().lower() not in (one.username for one in there):
                self.stderr.write(f"{there[0].username} administers this portal; create_administrator makes another.")
            return ""
        if not admin.strip() and sys.stdin.isatty():
            admin = input("Log-in name of the first administrator: ")
            name_bn = name_bn or input("Name in Bangla: ")
            name_en = name_en or input("Name in English: ")
        if not admin.strip():
            raise CommandError("Nobody administers this portal yet. Say who: --admin LOGIN")
        password = "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(4))
        officer = create_administrator(
            username=admin,
            name_bn=name_bn or NAME_BN,
            name_en=name_en or NAME_EN,
            password=password,
            at=clock.now(),
            is_one_time=True,
        )
        self.stdout.write(f"{officer.username} administers the portal.")
        return password


def administrators() -> list[Officer]:
    """Officers who administer the portal today, the first one first."""
    postings = Posting.objects.in_force(clock.today()).filter(post=Post.SYSTEM_ADMIN, officer__is_active=True)
    return [posting.officer for posting in postings.select_related("officer").order_by("pk")]
