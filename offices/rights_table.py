"""Who may do what, as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.workbooks.tables import Column, table_response
from offices.choices import Post
from offices.rights import Reach, Right


def rights_table(rows: Iterable[tuple[Right, Sequence[tuple[Post, Reach | None]]]]) -> FileResponse:
    """Each right with the reach that each post has in it."""
    columns = [Column(_("Right"), 48), *(Column(str(post.label), 22) for post in Post)]
    told = [[str(right.label), *(str(one.label) if one else "" for _post, one in grants)] for right, grants in rows]
    return table_response("rights", _("Who may do what"), columns, told)
