'''The permission matrix: every address × every post and anonymous × own, below and foreign offices.

Each room registers its addresses in ``tests/matrix/<room>.py``; all files of this folder are imported by
``tests/architecture/test_permission_matrix.py``, which fails for an address that has no row. How a room does it::

    # tests/matrix/returns.py
    from tests.matrix import World, by_right, in_scope, posts, public, register

    def entry(world: World, office: Office) -> dict[str, Any] | None:
        """Makes what the page needs for that office and returns the address's arguments; None: no such page for it."""
        if not office.is_leaf:
            return None
        ret = open_return(office=office, period=world.period, by=world.head_of(office), at=world.now)
        return {"office": office.code, "period": "2026-10"}

    register("returns:entry", entry, get=in_scope, post=by_right("returns.enter_return"))
    register("returns:queue", get=posts(own={Post.DISTRICT_OFFICER}))          # no arguments: no factory needed
    register("documents:verify", get=public, post=public, data=lambda world, office: {"code": "…"})

``get``/``post`` are rules: who gets an answer (any status but 403, 404, 5xx or the way to the log-in page). A method
without a rule has the other's rule, or is refused with 405. Whoever the rule refuses gets

* the log-in page, if anonymous;
* 404 for a foreign office's row (403 only where they hold none of the rights the view names at all);
* 403 or 404 for an own or lower office's row.

Rules: ``public`` everyone · ``any_officer`` everyone logged in, whatever the office · ``in_scope`` officers of the
office itself or of one above it · ``by_right("room.verb_noun", …)`` whoever's posting carries one of the rights as far
as that office · ``posts(own=…, below=…, foreign=…)`` an explicit table · ``a & b``, ``a | b`` join rules.

An address that works on no office's row is registered without a factory; its rule is asked with the officer's own
office. Each request runs in a savepoint of its own, so a POST changes nothing for the next.
'''

from tests.matrix.rules import Rule, any_officer, by_right, in_scope, posts, public
from tests.matrix.table import ROWS, Row, register
from tests.matrix.world import Place, World

__all__ = [
    "ROWS",
    "Place",
    "Row",
    "Rule",
    "World",
    "any_officer",
    "by_right",
    "in_scope",
    "posts",
    "public",
    "register",
]
