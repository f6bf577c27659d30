from __future__ import annotations

from typing import Any

from documents.bundle_models import Bundle
from documents.choices import DocumentState
from documents.files import store_file
from documents.models import Document
from offices.models import Office
from tests.matrix import World, by_right, public, register


def ready_document(world: World, office: Office) -> dict[str, Any]:
    """A paper of the office, with its file."""
    document, _made = Document.objects.get_or_create(
        kind="tests.matrix",
        subject=office.code,
        defaults={
            "code": f"{office.pk:016d}",
            "title_bn": "দলিল",
            "title_en": "document",
            "office": office,
            "office_path": office.path,
            "data_hash": "0" * 64,
            "data_at": world.now,
            "created_at": world.now,
            "state": DocumentState.READY,
            "file": store_file(b"%PDF-1.7", media_type="application/pdf", at=world.now),
        },
    )
    return {"code": document.code}


def signing_post(world: World, office: Office) -> dict[str, Any]:
    """The posting of the office's head, who alone makes keys for it."""
    return {"posting": world.head_of(office).postings.get().pk}


register("documents:documents", get=by_right("documents.view_document"))
register("documents:document", ready_document, get=by_right("documents.view_document"))
register("documents:file", ready_document, get=by_right("documents.view_document"))
register("documents:find", get=public)
register("documents:public", ready_document, get=public)
register("documents:verify", get=public, post=public)
register("documents:certificate", get=public)
register("documents:keys", get=by_right("documents.sign_document"))
register("documents:make-key", signing_post, post=by_right("documents.sign_document"))
register("documents:end-key", signing_post, post=by_right("documents.sign_document"))


def centre(world: World, office: Office) -> dict[str, Any]:
    return {"office": office.code, "period": world.period.key}


def bundle(world: World, office: Office) -> dict[str, Any]:
    """A ZIP of papers of the office."""
    stored = store_file(b"PK", media_type="application/zip", at=world.now)
    fields = {"office_path": office.path, "period": world.period, "created_at": world.now, "ready_at": world.now}
    row, _made = Bundle.objects.get_or_create(
        digest=office.code,
        office=office,
        defaults=fields | {"requested_by": world.head_of(office), "state": DocumentState.READY, "file": stored},
    )
    return {"pk": row.pk}


register("documents:find-centre", get=by_right("documents.view_document"))
register("documents:centre", centre, get=by_right("documents.view_document"))
register("documents:make-papers", centre, post=by_right("documents.view_document"))
register("documents:pack-papers", centre, post=by_right("documents.view_document"))
register("documents:bundle", bundle, get=by_right("documents.view_document"))
register("documents:bundle-file", bundle, get=by_right("documents.view_document"))
register("documents:bundle-again", bundle, post=by_right("documents.view_document"))
