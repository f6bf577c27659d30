from __future__ import annotations

from typing import Any

from offices.choices import HEAD_OF_KIND, OfficeKind, Post
from offices.models import Office, Officer
from tests.factories import make_officer
from tests.matrix import World, any_officer, by_right, posts, register


def other_head(office: Office, name: str) -> Officer:
    """Somebody else who holds the head's post of the office; the same one each time."""
    post, username = HEAD_OF_KIND[OfficeKind(office.kind)], f"{name}-{office.code}"
    return Officer.objects.filter(username=username).first() or make_officer(post, office, username=username)


def seated(world: World, office: Office) -> dict[str, Any]:
    return {"pk": other_head(office, "seated").pk}


def posted(world: World, office: Office) -> dict[str, Any]:
    return {"pk": other_head(office, "posted").postings.get().pk}


superiors = by_right("offices.manage_officers")
register("offices:rights", get=any_officer)
anywhere = posts(own=[Post.DISTRICT_OFFICER, Post.JOINT_REGISTRAR, Post.REGISTRAR, Post.SYSTEM_ADMIN])
register("offices:officers", get=anywhere)
register("offices:invite", get=anywhere)
register("offices:officer", seated, get=superiors)
register("offices:edit_officer", seated, get=superiors)
register("offices:appoint", seated, get=superiors)
register("offices:reset_password", seated, get=superiors)
register("offices:close_officer", seated, post=superiors)
register("offices:reopen_officer", seated, post=superiors)
register("offices:end_posting", posted, get=superiors)
register("offices:resume", get=any_officer)
register("offices:inbox", get=any_officer, post=any_officer)


def of_office(world: World, office: Office) -> dict[str, Any]:
    return {"office": office.code}


#: Who manages officers, about their own office (for those below it) and the offices below.
_BOSSES = [Post.DISTRICT_OFFICER, Post.JOINT_REGISTRAR, Post.REGISTRAR, Post.SYSTEM_ADMIN]
with_offices_below = posts(own=_BOSSES, below=_BOSSES)
register("offices:officer_book", of_office, get=with_offices_below)
register("offices:officer_book_file", of_office, get=with_offices_below)

keepers = by_right("offices.manage_offices")
register("offices:offices", get=posts(own=[Post.SYSTEM_ADMIN]))
register("offices:office", of_office, get=keepers)
for name in ("close_office", "move_office"):
    register(f"offices:{name}", of_office, get=keepers)
register("offices:open_office", lambda world, office: None if office.is_leaf else of_office(world, office), get=keepers)
