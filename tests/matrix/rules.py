"""Who gets an answer: rules of the permission matrix."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from offices.choices import Post
from offices.models import Office
from offices.rights import get_right
from tests.matrix.world import Place, place_of

Question = Callable[[Post, Office, Office], bool]


@dataclass(frozen=True)
class Rule:
    """Whether a post seated in one office gets an answer about another; ``anonymous``: whether a stranger does."""

    ask: Question
    anonymous: bool = False

    def __call__(self, post: Post, holder: Office, target: Office) -> bool:
        return self.ask(post, holder, target)

    def __and__(self, other: Rule) -> Rule:
        return Rule(lambda *who: self(*who) and other(*who), self.anonymous and other.anonymous)

    def __or__(self, other: Rule) -> Rule:
        return Rule(lambda *who: self(*who) or other(*who), self.anonymous or other.anonymous)


public = Rule(lambda post, holder, target: True, anonymous=True)
any_officer = Rule(lambda post, holder, target: True)
in_scope = Rule(lambda post, holder, target: place_of(holder, target) is not Place.FOREIGN)


def by_right(*codes: str) -> Rule:
    """Whoever's posting carries one of the rights over the row's office."""

    def ask(post: Post, holder: Office, target: Office) -> bool:
        reaches = [get_right(code).grants.get(post) for code in codes]
        return any(reach is not None and reach.covers(holder.path, target.path) for reach in reaches)

    return Rule(ask)


def posts(
    *, own: Collection[Post] = (), below: Collection[Post] = (), foreign: Collection[Post] = (), anonymous: bool = False
) -> Rule:
    """An explicit table: which posts get an answer about their own, a lower and a foreign office."""
    table = {Place.OWN: own, Place.BELOW: below, Place.FOREIGN: foreign}
    return Rule(lambda post, holder, target: post in table[place_of(holder, target)], anonymous)
