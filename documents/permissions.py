"""Who may read an office's documents and have them made."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.navigation import Audience, Place, register_item
from offices.choices import HEAD_OF_KIND, Post
from offices.rights import Reach, Right, declare

declare(
    Right(
        "documents.view_document",
        _("Read documents and have them made"),
        dict.fromkeys(Post, Reach.SUBTREE),
    ),
    Right(
        "documents.sign_document",
        _("Sign documents for the office, with a key of one's own"),
        dict.fromkeys(HEAD_OF_KIND.values(), Reach.OWN),
    ),
    Right(
        "documents.revoke_key",
        _("Revoke an officer's signing key"),
        {Post.SYSTEM_ADMIN: Reach.SUBTREE},
    ),
)


def papers_of(officer: Any) -> str | None:
    """The report centre, for posts above the leaf; the list of documents is one step from there."""
    return reverse("documents:find-centre") if _reads_papers(officer) and not _sits_in_leaf(officer) else None


def documents_of(officer: Any) -> str | None:
    """The list of documents, for an upazila: it has a few papers of its own and none below."""
    return reverse("documents:documents") if _reads_papers(officer) and _sits_in_leaf(officer) else None


def _reads_papers(officer: Any) -> bool:
    return bool(officer.has_perm("documents.view_document"))


def _sits_in_leaf(officer: Any) -> bool:
    return bool(officer.current_postings[0].office.is_leaf)


register_item(papers_of, _("Report centre"), order=70)
register_item(documents_of, _("Documents"), order=70)
register_item("documents:verify", _("Verify a document"), audience=Audience.STRANGERS, order=90)
register_item("documents:verify", _("Verify a document"), order=90, place=Place.MORE)
register_item("documents:keys", _("Signing keys"), right="documents.sign_document", order=30, place=Place.PERSON)
