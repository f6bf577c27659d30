"""Who may read an office's documents and have them made."""

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
register_item("documents:documents", _("Documents"), right="documents.view_document", order=70)
register_item("documents:verify", _("Verify a document"), audience=Audience.EVERYONE, order=90)
register_item("documents:keys", _("Signing keys"), right="documents.sign_document", order=30, place=Place.PERSON)
