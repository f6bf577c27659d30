"""Kinds of office, the posts held in them, and which post leads which kind."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfficeKind(models.TextChoices):
    """The four levels of the department; the metropolitan thana stands beside the upazila."""

    DEPARTMENT = "department", _("Department of Cooperatives")
    DIVISION = "division", _("Divisional office")
    DISTRICT = "district", _("District office")
    UPAZILA = "upazila", _("Upazila office")
    THANA = "thana", _("Metropolitan thana office")


LEAF_KINDS = (OfficeKind.UPAZILA, OfficeKind.THANA)

KINDS_WITHIN: dict[OfficeKind, tuple[OfficeKind, ...]] = {
    OfficeKind.DEPARTMENT: tuple(OfficeKind),
    OfficeKind.DIVISION: (OfficeKind.DIVISION, OfficeKind.DISTRICT, *LEAF_KINDS),
    OfficeKind.DISTRICT: (OfficeKind.DISTRICT, *LEAF_KINDS),
    OfficeKind.UPAZILA: (OfficeKind.UPAZILA,),
    OfficeKind.THANA: (OfficeKind.THANA,),
}
"""Kinds of office at or below one of a kind."""


class Post(models.TextChoices):
    """Posts that matter to the portal (পদ)."""

    ASSISTANT_INSPECTOR = "assistant_inspector", _("Assistant inspector")
    UPAZILA_OFFICER = "upazila_officer", _("Upazila cooperative officer")
    DISTRICT_OFFICER = "district_officer", _("District cooperative officer")
    DISTRICT_INSPECTOR = "district_inspector", _("District inspector")
    JOINT_REGISTRAR = "joint_registrar", _("Joint registrar")
    REGISTRAR = "registrar", _("Registrar and Director General")
    PERFORMANCE_ADMIN = "performance_admin", _("Performance cell administrator")
    SYSTEM_ADMIN = "system_admin", _("System administrator")


POSTS_OF_KIND: dict[OfficeKind, tuple[Post, ...]] = {
    OfficeKind.DEPARTMENT: (Post.REGISTRAR, Post.PERFORMANCE_ADMIN, Post.SYSTEM_ADMIN),
    OfficeKind.DIVISION: (Post.JOINT_REGISTRAR,),
    OfficeKind.DISTRICT: (Post.DISTRICT_OFFICER, Post.DISTRICT_INSPECTOR),
    OfficeKind.UPAZILA: (Post.UPAZILA_OFFICER, Post.ASSISTANT_INSPECTOR),
    OfficeKind.THANA: (Post.UPAZILA_OFFICER, Post.ASSISTANT_INSPECTOR),
}

SUPERIOR_OF_KIND: dict[OfficeKind, OfficeKind] = {
    OfficeKind.DIVISION: OfficeKind.DEPARTMENT,
    OfficeKind.DISTRICT: OfficeKind.DIVISION,
    OfficeKind.UPAZILA: OfficeKind.DISTRICT,
    OfficeKind.THANA: OfficeKind.DISTRICT,
}

HEAD_OF_KIND: dict[OfficeKind, Post] = {kind: posts[0] for kind, posts in POSTS_OF_KIND.items()}
