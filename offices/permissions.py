"""Who may manage offices, officers and postings."""

from django.utils.translation import gettext_lazy as _

from offices.choices import Post
from offices.rights import Reach, Right, declare

declare(
    Right(
        "offices.manage_officers",
        _("Manage officers and postings"),
        {Post.SYSTEM_ADMIN: Reach.SUBTREE},
    ),
    # The room of jobs lies below this one and knows no posts.
    Right(
        "offices.watch_jobs",
        _("See all work in the background"),
        {Post.SYSTEM_ADMIN: Reach.SUBTREE},
    ),
)
