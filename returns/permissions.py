"""Who may see, enter, submit and verify returns, and who sets yearly targets."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.navigation import Place, register_item
from offices.choices import HEAD_OF_KIND, Post
from offices.models import Officer
from offices.rights import Reach, Right, declare

declare(
    Right("returns.view_return", _("See returns"), dict.fromkeys(Post, Reach.SUBTREE)),
    Right(
        "returns.enter_return",
        _("Enter the figures of a return"),
        dict.fromkeys([*HEAD_OF_KIND.values(), Post.ASSISTANT_INSPECTOR], Reach.OWN),
    ),
    Right("returns.submit_return", _("Submit a return"), dict.fromkeys(HEAD_OF_KIND.values(), Reach.OWN)),
    Right(
        "returns.request_amendment",
        _("Ask to amend a verified return"),
        dict.fromkeys(HEAD_OF_KIND.values(), Reach.OWN),
    ),
    Right(
        "returns.verify_return",
        _("Verify a return or send it back; decide on its amendment"),
        {
            Post.DISTRICT_OFFICER: Reach.CHILDREN,
            Post.JOINT_REGISTRAR: Reach.CHILDREN,
            Post.REGISTRAR: Reach.CHILDREN,
            # Above the department stands no office: its performance cell looks at what its head submits.
            Post.PERFORMANCE_ADMIN: Reach.OWN,
        },
    ),
    Right(
        "returns.comment_return",
        _("Comment on a figure of a return"),
        dict.fromkeys([*HEAD_OF_KIND.values(), Post.ASSISTANT_INSPECTOR, Post.DISTRICT_INSPECTOR], Reach.SUBTREE),
    ),
    Right(
        "returns.import_returns",
        _("Import returns from files, and verify on import what another imported"),
        {Post.PERFORMANCE_ADMIN: Reach.SUBTREE, Post.SYSTEM_ADMIN: Reach.SUBTREE},
    ),
    Right(
        "returns.review_return",
        _("Leave a review remark on a submitted return"),
        {Post.DISTRICT_INSPECTOR: Reach.CHILDREN},
    ),
    Right(
        "returns.publish_form",
        _("Edit and publish the form of the return"),
        {Post.PERFORMANCE_ADMIN: Reach.SUBTREE, Post.SYSTEM_ADMIN: Reach.SUBTREE},
    ),
    Right(
        "returns.submit_consolidation",
        _("Submit the consolidated return of everything below"),
        {Post.DISTRICT_OFFICER: Reach.OWN, Post.JOINT_REGISTRAR: Reach.OWN, Post.REGISTRAR: Reach.OWN},
    ),
    Right(
        "returns.enter_baseline",
        _("Enter what an office brings from before the portal"),
        dict.fromkeys([*HEAD_OF_KIND.values(), Post.ASSISTANT_INSPECTOR], Reach.OWN),
    ),
    Right(
        "returns.enter_baselines",
        _("Enter the baselines of a district's offices from one workbook"),
        {
            Post.DISTRICT_OFFICER: Reach.SUBTREE,
            Post.PERFORMANCE_ADMIN: Reach.SUBTREE,
            Post.SYSTEM_ADMIN: Reach.SUBTREE,
        },
    ),
    Right(
        "returns.grant_time",
        _("Give an office more time for a return"),
        {
            Post.DISTRICT_OFFICER: Reach.BELOW,
            Post.JOINT_REGISTRAR: Reach.BELOW,
            Post.REGISTRAR: Reach.BELOW,
            Post.PERFORMANCE_ADMIN: Reach.SUBTREE,
        },
    ),
    Right("returns.set_deadlines", _("Set the deadlines of returns"), {Post.PERFORMANCE_ADMIN: Reach.SUBTREE}),
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


def review_queue(officer: Officer) -> str:
    """Who reviews has the same list as who verifies, under another name."""
    return reverse("returns:queue")


register_item("returns:months", _("Returns"), right="returns.enter_return", order=10)
register_item("returns:totals", _("Totals of the month"), right="returns.view_return", order=20)
register_item("returns:uploads", _("Import returns"), right="returns.import_returns", order=60, place=Place.MORE)
register_item("returns:forms", _("Form of the return"), right="returns.publish_form", order=70, place=Place.MORE)
register_item("returns:queue", _("To verify"), right="returns.verify_return", order=10)
register_item(review_queue, _("To review"), right="returns.review_return", order=10)
register_item("returns:late", _("Late and missing"), right="returns.grant_time", order=25)
