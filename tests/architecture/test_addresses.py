"""Every address of ours carries a permission decision."""

from __future__ import annotations

from django.conf import settings

from offices.access import Access
from offices.rights import all_rights
from tests.architecture.addresses import own_addresses
from tests.exemptions import OWN_ACCESS


def test_every_view_carries_a_permission_decision() -> None:
    undecided = [
        f"{one.route} ({one.name})" for one in own_addresses() if not isinstance(decision_of(one.view), Access)
    ]
    assert not undecided, "\n".join(undecided)


def decision_of(view: object) -> Access | None:
    return getattr(view, "access", None)


def test_public_views_say_why_and_others_name_rights_that_exist() -> None:
    declared = {right.code for right in all_rights()}
    for address in own_addresses():
        access = decision_of(address.view)
        assert access is not None
        if access.is_public:
            assert len(access.reason) >= 10, f"{address.name} is open to everyone without a reason"
        assert set(access.rights) <= declared, f"{address.name} names a right nobody declares"


def test_own_addresses_have_names() -> None:
    assert not [one.route for one in own_addresses() if one.name.endswith(":") or not one.name]


def test_what_the_middleware_leaves_alone_stands_in_the_exemptions() -> None:
    assert {path.strip("/") + "/" for path in settings.PATHS_WITH_OWN_ACCESS} == {*OWN_ACCESS, "static/"}
