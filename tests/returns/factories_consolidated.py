"""A small tree in which two of three upazilas are verified, with the heads of the upper offices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from offices.choices import Post
from offices.models import Office, Officer
from returns.consolidation_models import Consolidation
from returns.models import Form, ReturnVersion
from returns.services.consolidation import submit_consolidation, verify_consolidation
from tests.factories import Tree, make_head, make_officer, make_tree
from tests.returns.factories_rollup import AT, JUNE, make_baseline, make_form, make_return

WHY = "বন্যায় কার্যালয় বন্ধ ছিল।"
FIGURES = {"D01": 10, "D04": 3, "D04.GP": 2, "D04.BP": 1, "E02": 500, "J10.ASHRAYAN": 400, "J11.ASHRAYAN": 100}


class Country:
    """A small tree in which two of three upazilas are verified; heads of its upper offices."""

    def __init__(self) -> None:
        self.tree: Tree = make_tree()
        self.form: Form = make_form()
        self.heads: dict[str, Officer] = {}
        for office in (self.tree.district, self.tree.division, self.tree.department):
            self.heads[office.code] = make_head(office)
        self.cell = make_officer(Post.PERFORMANCE_ADMIN, self.tree.department)
        for office in (self.tree.upazila, self.tree.sibling, self.tree.third):
            make_baseline(office, JUNE.previous(), form=self.form, by=self.cell)
        for office in (self.tree.upazila, self.tree.sibling):
            make_return(office, JUNE, FIGURES, form=self.form)

    def submit(self, office: Office, explanation: str = WHY, at: datetime = AT) -> Consolidation:
        return submit_consolidation(office, JUNE, explanation=explanation, by=self.heads[office.code], at=at)

    def verify(self, snapshot: Consolidation, **how: Any) -> Consolidation:
        above = snapshot.office.parent
        by = self.heads[above.code] if above else self.cell
        return verify_consolidation(snapshot, by=by, at=AT, **how)

    def arrives(self) -> ReturnVersion:
        """The third upazila's return, verified late."""
        return make_return(self.tree.third, JUNE, {"D01": 1, "D04": 1, "E02": 7}, form=self.form)
