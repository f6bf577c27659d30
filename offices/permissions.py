"""Who may manage offices, officers and postings."""

from django.utils.translation import gettext_lazy as _

from core.navigation import Audience, Place, register_item
from offices.choices import Post
from offices.rights import Reach, Right, declare

declare(
    Right(
        "offices.manage_officers",
        _("Manage officers and postings"),
        {
            Post.SYSTEM_ADMIN: Reach.SUBTREE,
            Post.DISTRICT_OFFICER: Reach.BELOW,
            Post.JOINT_REGISTRAR: Reach.BELOW,
            Post.REGISTRAR: Reach.BELOW,
        },
    ),
    Right(
        "offices.manage_offices",
        _("Open, close and move offices"),
        {Post.SYSTEM_ADMIN: Reach.SUBTREE},
    ),
    # The room of jobs lies below this one and knows no posts.
    Right(
        "offices.watch_jobs",
        _("See all work in the background"),
        {Post.SYSTEM_ADMIN: Reach.SUBTREE},
    ),
)

register_item("offices:officers", _("Officers"), right="offices.manage_officers", order=60, place=Place.MORE)
register_item("offices:offices", _("Offices"), right="offices.manage_offices", order=65, place=Place.MORE)
register_item("jobs:jobs", _("Work in the background"), right="offices.watch_jobs", order=80, place=Place.MORE)
register_item("account_login", _("Log in"), order=90, audience=Audience.STRANGERS)
register_item("account_change_password", _("Change password"), order=10, place=Place.PERSON)
register_item("mfa_index", _("Second factor"), order=20, place=Place.PERSON)
register_item("offices:inbox", _("Messages"), order=5, place=Place.PERSON)
