from __future__ import annotations

from tests.matrix import in_scope, register
from tests.matrix.returns_amendments import amendable

# A verified return was submitted before.
register("returns:receipt", amendable, get=in_scope, post=in_scope)
