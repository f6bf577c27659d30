"""Who may see, prepare, agree, sign and fill agreements."""

from django.utils.translation import gettext_lazy as _

from core.navigation import register_item
from offices.choices import Post
from offices.rights import Reach, Right, declare

_HEADS = (Post.UPAZILA_OFFICER, Post.DISTRICT_OFFICER, Post.JOINT_REGISTRAR)
_SUPERIORS = (Post.DISTRICT_OFFICER, Post.JOINT_REGISTRAR, Post.REGISTRAR)

declare(
    Right(
        "contracts.view_agreement",
        _("See agreements and scores"),
        {
            Post.ASSISTANT_INSPECTOR: Reach.OWN,
            Post.UPAZILA_OFFICER: Reach.OWN,
            Post.DISTRICT_OFFICER: Reach.SUBTREE,
            Post.JOINT_REGISTRAR: Reach.SUBTREE,
            Post.REGISTRAR: Reach.SUBTREE,
            Post.PERFORMANCE_ADMIN: Reach.SUBTREE,
        },
    ),
    Right(
        "contracts.prepare_agreement",
        _("Prepare and propose an agreement"),
        {Post.PERFORMANCE_ADMIN: Reach.SUBTREE, **dict.fromkeys(_HEADS, Reach.OWN)},
    ),
    Right(
        "contracts.agree_agreement",
        _("Agree to the agreement of an office below, or send it back"),
        dict.fromkeys(_SUPERIORS, Reach.CHILDREN),
    ),
    Right("contracts.sign_agreement", _("Sign the own office's agreement"), dict.fromkeys(_HEADS, Reach.OWN)),
    Right(
        "contracts.countersign_agreement",
        _("Sign an agreement as the superior party"),
        dict.fromkeys(_SUPERIORS, Reach.CHILDREN),
    ),
    Right(
        "contracts.record_achievement",
        _("Write achievements that no register feeds"),
        {Post.PERFORMANCE_ADMIN: Reach.SUBTREE, **dict.fromkeys(_HEADS, Reach.OWN)},
    ),
)

register_item("contracts:list", _("Agreements"), right="contracts.view_agreement", order=50)
