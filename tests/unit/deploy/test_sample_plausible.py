"""What an auditor of claims would look at first: who gets a drug, how much, how often, and what Part D excludes."""

import re
from collections import Counter, defaultdict
from functools import cache

from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import load_vocabulary

from deploy.local.sample.fills import Fill
from deploy.local.sample.knowledge import SampleDrug, drugs, rows, words
from deploy.local.sample.member import Member, condition_ids, make_member
from deploy.local.sample.treatment import AMONG

SOME = 3000
MOST_USED = 30
CHANGED_SINCE_2017 = {"warfarin"}  # most went over to apixaban


@cache
def plan() -> tuple[Member, ...]:
    return tuple(make_member(2026, number) for number in range(1, SOME + 1))


@cache
def products() -> tuple[SampleDrug, ...]:
    return tuple(drugs().values())


def kept_fills(member: Member) -> list[Fill]:
    """The drug events that stand: not reversed."""
    reversed_claims = {fill.claim for fill in member.fills if fill.adjustment == "D"}
    return [fill for fill in member.fills if fill.claim not in reversed_claims]


def test_drugs_for_one_sex_go_to_no_member_of_the_other() -> None:
    wrong = {
        products()[fill.product].drug
        for member in plan()
        for fill in member.fills
        if products()[fill.product].among not in ("", AMONG[member.person.sex])
    }
    assert wrong == set()


def test_what_part_d_excludes_is_not_claimed_as_covered() -> None:
    for product in products():
        understood = load_vocabulary().understand(ndc=product.ndc)
        assert isinstance(understood, Drug)
        excluded = not all(ingredient.part_d for ingredient in understood.ingredients)
        assert not excluded or product.status in ("E", "O"), product.drug_id
        assert excluded or product.status in ("C", "O"), product.drug_id


def test_quantities_are_whole_packs() -> None:
    for member in plan():
        for fill in member.fills:
            assert fill.quantity > 0
            assert fill.quantity % products()[fill.product].pack_tenths == 0


def test_tablets_and_capsules_are_dispensed_whole() -> None:
    solid = [one for one in products() if "Tablet" in one.name or "Capsule" in one.name]
    assert [one.drug_id for one in solid if one.pack_tenths % 10] == []


def test_the_most_used_drugs_of_part_d_have_about_their_share_of_claims() -> None:
    claims = {row["id"]: int(row["claims_2017"]) for row in rows("drugs") if row["claims_2017"]}
    told = Counter(products()[fill.product].drug for member in plan() for fill in kept_fills(member))
    whole, of_whole = sum(told.values()), 1_450_317_189  # claims of 2017, all drugs
    most_used = sorted(claims, key=lambda drug: -claims[drug])[:MOST_USED]
    ratios = {drug: told[drug] / whole / (claims[drug] / of_whole) for drug in most_used}
    assert {drug for drug, ratio in ratios.items() if not 0.4 < ratio < 2.5} == CHANGED_SINCE_2017
    assert {drug for drug, _ in told.most_common(10)} & set(most_used[:10]) >= {"atorvastatin", "levothyroxine"}


def test_a_member_has_about_as_many_claims_and_dollars_as_in_part_d() -> None:
    fills = sum(len(kept_fills(member)) for member in plan()) / SOME
    dollars = sum(fill.cost for member in plan() for fill in kept_fills(member)) / 100 / SOME
    assert 28 < fills < 36  # 1.45 billion claims of 44.5 million members in 2017
    assert 3_000 < dollars < 5_500


def test_most_refill_in_time_and_some_do_not() -> None:
    shares = [share for member in plan() for share in covered(member)]
    assert 0.8 < sum(share >= 0.8 for share in shares) / len(shares) < 0.93


def covered(member: Member) -> list[float]:
    """Share of days that each drug taken for good was there for, from its first fill to its last."""
    by_drug: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for fill in kept_fills(member):
        product = products()[fill.product]
        if product.use in ("maintenance", "brand"):
            by_drug[product.drug].append((fill.day, fill.days_supply))
    found = []
    for fills in by_drug.values():
        fills.sort()
        first, last = fills[0][0], fills[-1][0]
        if last - first < 90:
            continue
        days = until = 0
        for day, supply in fills[:-1]:
            start = max(day, until)
            until = start + supply
            days += max(0, min(until, last) - start)
        found.append(days / (last - first))
    return found


def test_nobody_fills_before_joining_or_after_leaving() -> None:
    for member in plan():
        days = [fill.day for fill in member.fills] + [diagnosis.day for diagnosis in member.diagnoses]
        last = member.spans[-1].end
        assert all(member.spans[0].start <= day and (not last or day <= last) for day in days)


def test_hearts_kidneys_and_sugar_go_together() -> None:
    ids = [set(condition_ids(member)) for member in plan()]

    def among(of: str, one: str) -> float:
        having = [found for found in ids if of in found]
        return sum(one in found for found in having) / len(having)

    assert among("chronic_heart_failure", "hypertension") > 0.7
    assert among("chronic_heart_failure", "ischemic_heart_disease") > 0.5
    assert among("diabetes", "hypertension") > 0.7
    assert among("diabetes", "ckd_3") > 1.3 * sum("ckd_3" in found for found in ids) / SOME


def test_directions_name_the_form_of_the_product() -> None:
    forms = {"tablet": "Tablet", "tableta": "Tablet", "capsule": "Capsule", "cápsula": "Capsule"}
    wrong = {
        product.drug_id
        for product in products()
        for text in words()[product.directions].values()
        for word, form in forms.items()
        if re.search(rf"\b{word}s?\b", text) and form not in product.name
    }
    assert wrong == set()


def test_directions_agree_with_what_is_dispensed() -> None:
    for product in products():
        told = re.search(r"Take (\d+) \w+ by mouth (?:(\d+) times|once) a day$", words()[product.directions]["en"])
        if told and product.use in ("maintenance", "brand"):
            assert int(told[1]) * int(told[2] or 1) * 1000 == product.milliunits_a_day, product.drug_id
