from __future__ import annotations

from typing import Any

from demo.people import PEOPLE
from offices.models import Office, Officer
from tests.matrix import World, public, register


def one_of_the_people(world: World, office: Office) -> dict[str, Any]:
    """The first person of the demonstration, who exists in it."""
    person = PEOPLE[0]
    names = {"name_bn": person.name_bn, "name_en": person.name_en, "is_demo": True}
    Officer.objects.get_or_create(username=person.username, defaults=names)
    return {"username": person.username}


register("demo:become", post=public, data=one_of_the_people)
