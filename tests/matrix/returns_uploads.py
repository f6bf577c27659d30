from __future__ import annotations

from io import BytesIO
from typing import Any

from offices.models import Office
from returns.upload_models import Upload
from returns.uploads import start_upload
from tests.matrix import World, by_right, posts, register
from tests.matrix.returns import heads


def sent(world: World, office: Office) -> dict[str, Any]:
    """An upload of the office's head; nobody else finds it."""
    key = f"{office.pk:032x}"
    upload = Upload.objects.filter(key=key).first() or start_upload(
        BytesIO(b"office,period,form,line,value\n"),
        "returns.csv",
        key=key,
        period=world.period,
        submit=False,
        verify_by=None,
        by=world.head_of(office),
        at=world.now,
    )
    return {"pk": upload.pk}


register("returns:uploads", get=by_right("returns.import_returns", "returns.submit_return"))
register("returns:upload", sent, get=posts(own=heads))
register("returns:upload_agree", sent, post=posts(own=heads))
