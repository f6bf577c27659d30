"""What a password must be, said in the reader's digits."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _

from core.templatetags.figures import digits


class LongEnoughValidator(MinimumLengthValidator):
    """At least ``min_length`` characters."""

    def get_error_message(self) -> str:
        return _("This password is too short. Write at least %(number)s characters.") % {
            "number": digits(self.min_length)
        }

    def get_help_text(self) -> str:
        return _("At least %(number)s characters.") % {"number": digits(self.min_length)}
