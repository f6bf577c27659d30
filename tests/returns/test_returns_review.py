"""The district inspector: reads, leaves a remark for the verifier, and gives no verdict."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from core.errors import UserError
from offices.choices import Post
from returns import services
from returns.models import Return, Review
from tests.factories import make_officer
from tests.returns.factories_returns import JULY, after, make_world, submitted, verified

pytestmark = pytest.mark.django_db
AT = after(JULY, 4)


def test_a_remark_reaches_the_verifier_and_changes_nothing(client: Client, settings: object) -> None:
    settings.PORTAL_CLOCK = AT  # type: ignore[attr-defined]
    world = make_world()
    ret = submitted(world)
    inspector = make_officer(Post.DISTRICT_INSPECTOR, world.tree.district)
    client.force_login(inspector)
    page = f"/returns/{ret.office.code}/{JULY}/"
    queue = client.get("/returns/queue/").content.decode()
    assert f'href="{page}"' in queue and f'href="{page}verdict/"' not in queue
    assert f'action="{page}review/"' in client.get(page).content.decode()
    client.post(f"{page}review/", {"text": "সদস্য বহি দেখা হয়েছে; সংখ্যা মেলে।"})
    assert Return.objects.get(pk=ret.pk).state == "submitted"
    assert client.post(f"{page}verdict/", {"verify": "1"}).status_code == 403
    judge = Client()
    judge.force_login(world.district_officer)
    assert "সদস্য বহি দেখা হয়েছে" in judge.get(f"{page}verdict/").content.decode()
    assert "সদস্য বহি দেখা হয়েছে" in judge.get("/returns/queue/").content.decode()


def test_only_the_inspector_of_the_district_reviews(client: Client) -> None:
    world = make_world()
    ret = submitted(world)
    foreign = make_officer(Post.DISTRICT_INSPECTOR, world.tree.foreign_district)
    for other in (foreign, world.officer, world.clerk, world.district_officer):
        with pytest.raises(PermissionDenied):
            services.review_return(ret, text="দেখা হয়েছে।", by=other, at=AT)
    inspector = make_officer(Post.DISTRICT_INSPECTOR, world.tree.district)
    with pytest.raises(PermissionDenied):
        services.verify_return(ret, by=inspector, at=AT)
    for text in ("  ", "ক" * 1001):
        with pytest.raises(UserError):
            services.review_return(ret, text=text, by=inspector, at=AT)
    assert not Review.objects.exists()


def test_a_verified_return_takes_no_review() -> None:
    world = make_world()
    ret = verified(world)
    with pytest.raises(UserError):
        services.review_return(
            ret, text="দেরিতে।", by=make_officer(Post.DISTRICT_INSPECTOR, world.tree.district), at=AT
        )
