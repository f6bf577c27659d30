"""Who may read an office's documents and have them made."""

from django.utils.translation import gettext_lazy as _

from offices.choices import Post
from offices.rights import Reach, Right, declare

declare(
    Right(
        "documents.view_document",
        _("Read documents and have them made"),
        dict.fromkeys(Post, Reach.SUBTREE),
    ),
)
