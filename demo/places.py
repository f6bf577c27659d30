"""Where each upazila outside of the first district begins: its size by a seed, published figures where there are any.

Published are the district's sums alone (Sirajganj's office page of October 2023, Rajshahi's monthly report of February
2025); how they are spread over upazilas, and every other figure, is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from core.periods import Period
from demo.plan import PARTS, Told
from demo.profiles import LAKH, TAKA, Profile
from offices.models import Office

SEED = 2023
MONTHS_SHOWN = 4
RESIDUAL = "residual"
#: A hundredth of a lakh, in poisha: what money in lakh is published in.
STEP = LAKH // 100


@dataclass(frozen=True)
class Fixture:
    """What is published of a district: ``closing`` at its baseline by cell; in the month after, of general primary
    societies, how many were ``registered``, ``cancelled``, and ``audited`` since July."""

    baseline: Period
    closing: dict[str, int]
    remarks: dict[str, str] = field(default_factory=dict)
    registered: int = 0
    cancelled: int = 0
    audited: int = 0


#: The remainder of Sirajganj's working capital stands in its funds, so that the parts make the published sum.
FIXTURES = {
    "sirajganj": Fixture(
        Period.month(2023, 10),
        {"A07": 4_582, "B09": 242_622, "C04": 80_089, "C08": 177_760, "C09": 157_444, "C10": 0},
        remarks={"C09": RESIDUAL},
    ),
    "rajshahi": Fixture(
        Period.month(2025, 1), {"A07.GP": 1_353, "A07.BP": 2_022}, registered=5, cancelled=14, audited=1_175
    ),
}


@dataclass(frozen=True)
class Start:
    """How an upazila begins: its profile, the baseline's month, remarks on its cells; what is told of the first month,
    and how many audits of general primary societies the year has seen by its end (None: by chance)."""

    office: Office
    profile: Profile
    baseline: Period
    remarks: dict[str, str] = field(default_factory=dict)
    told: Told | None = None
    audited: int | None = None


def baseline_of_district(district: Office, until: Period) -> Period:
    """The month whose closings the district's offices bring: the published one, or that before the last months shown.
    It may lie behind ``until``: then the district has not begun."""
    fixture = FIXTURES.get(district.code)
    return fixture.baseline if fixture else max(until.shift(-MONTHS_SHOWN), Period.month(2023, 6))


def starts_of(district: Office, offices: Sequence[Office], until: Period) -> list[Start]:
    """The beginnings of a district's leaf offices."""
    baseline = baseline_of_district(district, until)
    profiles = [invent_profile(office, district) for office in offices]
    fixture = FIXTURES.get(district.code)
    if fixture is None:
        return [Start(office, profile, baseline) for office, profile in zip(offices, profiles, strict=True)]
    profiles = _as_published(profiles, fixture)
    counts = [profile.societies["GP"] for profile in profiles]
    registered, cancelled, audited = (
        share_out(total, counts) for total in (fixture.registered, fixture.cancelled, fixture.audited)
    )
    return [
        Start(
            office,
            profiles[n],
            baseline,
            fixture.remarks,
            Told(registered[n], cancelled[n], audited=2) if fixture.audited else None,
            audited[n] if fixture.audited else None,
        )
        for n, office in enumerate(offices)
    ]


def invent_profile(office: Office, district: Office) -> Profile:
    """An upazila's size and means, by the seed; a district's offices are of a kind."""
    rng = Random(f"{SEED}:{office.code}:profile")  # noqa: S311
    size = Random(f"{SEED}:{district.code}:size").uniform(0.7, 1.5)  # noqa: S311
    total = round(rng.uniform(110, 260) * size)
    central = rng.choice((1, 1, 2))
    general = round(total * rng.uniform(0.42, 0.62))
    societies = {"GP": general, "GC": central, "BP": total - general, "BC": 1}
    members = round(total * rng.uniform(42, 66))
    women = members * rng.randint(33, 46) // 100

    def lakhs(each: float) -> int:
        """Of each society so much, in whole hundredths of a lakh."""
        return round(total * each * rng.uniform(0.8, 1.25) * 100) * STEP

    def taka(each: int) -> int:
        return round(total * each * rng.uniform(0.8, 1.25) / 100) * 100 * TAKA

    recovered = taka(36_000)
    return Profile(
        office.code, societies, members - women, women, lakhs(1.3), lakhs(5), lakhs(0.8), lakhs(0.43), taka(280),
        taka(116), taka(13_000), recovered, (),
        non_functional_share=rng.uniform(0.1, 0.24), liquidation_share=rng.uniform(0.03, 0.07),
        recovery=rng.randint(71, 93),
    )  # fmt: skip


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """A total in whole parts after weights: the parts make the total."""
    whole, done, before = sum(weights), 0, 0
    parts = []
    for weight in weights:
        done += weight
        upto = (2 * total * done + whole) // (2 * whole)
        parts.append(upto - before)
        before = upto
    return parts


def _as_published(profiles: list[Profile], fixture: Fixture) -> list[Profile]:
    """The profiles, changed so that they make the district's published sums."""
    closing = fixture.closing
    if "A07" in closing:
        sizes = share_out(closing["A07"], [profile.total for profile in profiles])
        profiles = [_of_size(*pair) for pair in zip(profiles, sizes, strict=True)]
    for part in PARTS:
        if f"A07.{part}" in closing:
            counts = share_out(closing[f"A07.{part}"], [profile.societies[part] for profile in profiles])
            profiles = [
                replace(one, societies=one.societies | {part: count})
                for one, count in zip(profiles, counts, strict=True)
            ]
    if "B09" in closing:
        profiles = _with_means(profiles, closing)
    if fixture.audited:  # nearly all of its societies work, or it could not have audited so many
        profiles = [replace(one, non_functional_share=0.005, liquidation_share=0.045) for one in profiles]
    return profiles


def _with_means(profiles: list[Profile], closing: dict[str, int]) -> list[Profile]:
    """The profiles with the published members and capital, shared out by their societies."""
    sizes = [profile.total for profile in profiles]
    members = share_out(closing["B09"], sizes)
    money = {
        cell: [hundredths * STEP for hundredths in share_out(closing[cell], sizes)]
        for cell in ("C04", "C08", "C09", "C10")
    }
    return [
        replace(
            one, women=members[n] * 2 // 5, men=members[n] - members[n] * 2 // 5, share=money["C04"][n],
            savings=money["C08"][n], reserve=money["C09"][n], borrowed=money["C10"][n],
        )
        for n, one in enumerate(profiles)
    ]  # fmt: skip


def _of_size(profile: Profile, total: int) -> Profile:
    """The profile with so many societies, primary ones in the same proportion."""
    rest = total - profile.societies["GC"] - profile.societies["BC"]
    general, brdb = share_out(rest, [profile.societies["GP"], profile.societies["BP"]])
    return replace(profile, societies=profile.societies | {"GP": general, "BP": brdb})
