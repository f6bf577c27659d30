"""Who may see, enter, submit and verify returns, and who sets yearly targets."""

from django.utils.translation import gettext_lazy as _

from core.navigation import register_item
from offices.choices import Post
from offices.rights import Reach, Right, declare

declare(
    Right("returns.view_return", _("See returns"), dict.fromkeys(Post, Reach.SUBTREE)),
    Right(
        "returns.enter_return",
        _("Enter the figures of a return"),
        {Post.UPAZILA_OFFICER: Reach.OWN, Post.ASSISTANT_INSPECTOR: Reach.OWN},
    ),
    Right("returns.submit_return", _("Submit a return"), {Post.UPAZILA_OFFICER: Reach.OWN}),
    Right(
        "returns.verify_return",
        _("Verify a return or send it back"),
        {
            Post.DISTRICT_OFFICER: Reach.CHILDREN,
            Post.JOINT_REGISTRAR: Reach.CHILDREN,
            Post.REGISTRAR: Reach.CHILDREN,
        },
    ),
    Right(
        "returns.enter_baseline",
        _("Enter what an office brings from before the portal"),
        {Post.UPAZILA_OFFICER: Reach.OWN, Post.ASSISTANT_INSPECTOR: Reach.OWN},
    ),
    Right(
        "returns.set_targets",
        _("Set the yearly targets of offices below"),
        {
            Post.DISTRICT_OFFICER: Reach.CHILDREN,
            Post.JOINT_REGISTRAR: Reach.CHILDREN,
            Post.REGISTRAR: Reach.CHILDREN,
            Post.PERFORMANCE_ADMIN: Reach.SUBTREE,
        },
    ),
)

register_item("returns:months", _("Returns"), right="returns.enter_return", order=10)
register_item("returns:totals", _("Totals of the month"), right="returns.view_return", order=20)
register_item("returns:queue", _("To verify"), right="returns.verify_return", order=10)
