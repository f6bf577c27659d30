"""Top may use below, never sideways or up: imports, foreign keys, template addresses and includes."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField
from importlinter.cli import lint_imports

from tests.architecture.house import files, height, may_use, own_apps, rooms, text_of
from tests.exemptions import ROOMS_WITHOUT_MODELS, TEMPLATES_WITHOUT_ROOM, UPWARD_KEYS

URL_TAG = re.compile(r"""{%-?\s*url\s+['"]([\w:.-]+)['"]""")
INCLUDE_TAG = re.compile(r"""{%-?\s*(?:include|extends)\s+['"]([\w/.-]+)['"]""")


def test_imports_follow_the_order_of_rooms(capsys: object) -> None:
    assert lint_imports(no_cache=True, no_logo=True) == 0, "see the report of import-linter above"


def test_every_app_of_ours_has_its_place_in_the_order() -> None:
    names = {config.name for config in own_apps()}
    assert names <= set(rooms())
    assert set(rooms()) - names <= {"demo"}, "a room in the contract that is not installed"


def test_foreign_keys_follow_the_order_of_rooms() -> None:
    """The officer is the one reference upwards; the lowest rooms carry office and actor as text."""
    wrong = []
    for config in own_apps():
        for model in config.get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                if not isinstance(field, ForeignKey | ManyToManyField):
                    continue
                target = field.related_model._meta
                name = f"{config.label}.{model.__name__}.{field.name}"
                if target.app_label not in rooms() or may_use(config.label, target.app_label):
                    continue
                if target.label == settings.AUTH_USER_MODEL and height(config.label) > height("jobs"):
                    continue
                if name not in UPWARD_KEYS:
                    wrong.append(f"{name} → {target.label}")
    assert not wrong, "\n".join(wrong)


def room_of(template: Path) -> str | None:
    """The room whose template this is; none for the frame and its pieces, which stand in the exemptions."""
    inside = template.as_posix().removeprefix("templates/")
    if inside.startswith(tuple(TEMPLATES_WITHOUT_ROOM)):
        return None
    return inside.split("/")[0]


def test_every_template_stands_in_its_rooms_folder() -> None:
    lost = [
        str(path) for path in files(".html", ".svg", ".txt", below="templates") if room_of(path) not in (None, *rooms())
    ]
    assert not lost, "\n".join(lost)


def test_templates_name_only_addresses_of_their_own_room_or_lower_ones() -> None:
    wrong = []
    for path in files(".html", below="templates"):
        room = room_of(path)
        for name in URL_TAG.findall(text_of(path)) if room else ():
            space = name.split(":")[0] if ":" in name else ""
            if space in rooms() and not may_use(str(room), space):
                wrong.append(f"{path}: {name}")
    assert not wrong, "\n".join(wrong)


def test_templates_take_in_only_templates_of_their_own_room_or_lower_ones() -> None:
    wrong = []
    for path in files(".html", below="templates"):
        room = room_of(path)
        for name in INCLUDE_TAG.findall(text_of(path)) if room else ():
            other = name.split("/")[0]
            if other in rooms() and not may_use(str(room), other):
                wrong.append(f"{path}: {name}")
    assert not wrong, "\n".join(wrong)


def test_no_room_is_empty() -> None:
    """A room is made when its first feature lands."""
    for config in own_apps():
        has_views = any(path.name == "views.py" or "views" in path.parts for path in files(".py", below=config.name))
        has_models = any(True for _ in config.get_models())
        assert has_models or (has_views and config.name in ROOMS_WITHOUT_MODELS), config.name
