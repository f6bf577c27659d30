"""Publishing a version of the form."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import Actor, record_activity
from core.errors import UserError
from core.evidence import digest_of
from core.periods import Period, dhaka_date
from offices.models import Officer
from offices.rights import require_right
from returns.models import Form, Return
from returns.reading import CatalogueError, read_catalogue

#: The monthly return shipped with the portal.
FORM_FILE = Path(__file__).parent.parent / "data" / "form-1.toml"


@transaction.atomic
def publish_form(source: Mapping[str, Any] | Path, *, by: Actor, at: datetime) -> Form:
    """Publish catalogue data (or a TOML file) for use from its ``valid_from`` on; the same data twice is one form.

    `UserError` if it does not hold together, or if its number is taken by other data.
    """
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8")) if isinstance(source, Path) else dict(source)
        catalogue = read_catalogue(data)
    except (CatalogueError, ValueError) as error:  # a file that is no text or no TOML is a ValueError, too
        raise UserError(_("The form was not published: %(reason)s.") % {"reason": error}) from error
    except (TypeError, AttributeError) as error:  # a number where a list belongs, and the like
        raise UserError(_("The form was not published: a value in it is of the wrong kind.")) from error
    digest = digest_of(data)
    known = {
        "valid_from": Period.parse(catalogue.valid_from),
        "catalogue": data,
        "digest": digest,
        "published_at": at,
    }
    form, is_new = Form.objects.get_or_create(code=catalogue.code, number=catalogue.number, defaults=known)
    if not is_new:  # by another administrator, perhaps in this moment
        return _same(form, digest)
    record_activity("returns.publish_form", form, by=by, at=at, after={"form": str(form), "digest": digest})
    return form


@transaction.atomic
def publish_edited_form(data: Mapping[str, Any], *, by: Officer, at: datetime) -> Form:
    """Publish a form that an administrator edited. `UserError` where a month it would apply to was opened already: its
    returns stand on the form they were opened with."""
    require_right(by, "returns.publish_form", None, on=dhaka_date(at))
    opened = Return.objects.filter(period__gte=data["valid_from"]).order_by("-period").first()
    if opened is not None:
        raise UserError(
            _("Returns of %(period)s were opened already, on form %(form)s. Let the new form apply from %(next)s on.")
            % {"period": opened.period.label(), "form": opened.form, "next": opened.period.next().label()}
        )
    return publish_form(data, by=by, at=at)


def _same(form: Form, digest: str) -> Form:
    if form.digest != digest:
        raise UserError(
            _("Form %(form)s is published already and cannot change. Give the new one the next number.")
            % {"form": form}
        )
    return form
