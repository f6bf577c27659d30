"""Who may see audits, and plan, allot and record them."""

from django.utils.translation import gettext_lazy as _

from core.navigation import register_item
from offices.choices import Post
from offices.rights import Reach, Right, declare

declare(
    Right("audits.view_audit", _("See audits"), dict.fromkeys(Post, Reach.SUBTREE)),
    Right(
        "audits.record_audit",
        _("Plan, allot and record audits and collections"),
        {
            Post.ASSISTANT_INSPECTOR: Reach.OWN,
            Post.UPAZILA_OFFICER: Reach.OWN,
            Post.DISTRICT_OFFICER: Reach.SUBTREE,
        },
    ),
    Right(
        "audits.correct_audit",
        _("Take back a finished audit or a payment recorded by mistake"),
        {Post.UPAZILA_OFFICER: Reach.OWN, Post.DISTRICT_OFFICER: Reach.SUBTREE},
    ),
)

register_item("audits:list", _("Audits"), right="audits.view_audit", order=40)
