"""Who may see societies, register them, change their status, and move them between offices."""

from django.utils.translation import gettext_lazy as _

from core.navigation import register_item
from offices.choices import Post
from offices.rights import Reach, Right, declare

_KEEPERS = {
    Post.ASSISTANT_INSPECTOR: Reach.OWN,
    Post.UPAZILA_OFFICER: Reach.OWN,
    Post.DISTRICT_OFFICER: Reach.SUBTREE,
}

declare(
    Right("societies.view_society", _("See the register of societies"), dict.fromkeys(Post, Reach.SUBTREE)),
    Right("societies.register_society", _("Register societies"), _KEEPERS),
    Right("societies.change_status", _("Change the status of societies"), _KEEPERS),
    Right(
        "societies.correct_event",
        _("Take back a status event recorded by mistake"),
        {Post.UPAZILA_OFFICER: Reach.OWN, Post.DISTRICT_OFFICER: Reach.SUBTREE},
    ),
    Right(
        "societies.transfer_society",
        _("Transfer societies between offices"),
        {
            Post.DISTRICT_OFFICER: Reach.SUBTREE,
            Post.JOINT_REGISTRAR: Reach.SUBTREE,
            Post.REGISTRAR: Reach.SUBTREE,
        },
    ),
)

register_item("societies:list", _("Societies"), right="societies.view_society", order=30)
