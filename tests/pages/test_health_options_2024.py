"""The Health Options Program's page for 2024, a test a sentence: docs/programme-pages.md tells which."""

import pytest
from plan_pages import Plan
from whole_job import member

pytestmark = pytest.mark.asyncio(loop_scope="module")
NUMBERS = ("1-855-773-8254", "1-866-352-5305")
HOURS = "Monday through Friday, 8:00 a.m. to 8:00 p.m. CT"
MONTHLY = ("2024-01-02", "2024-02-01", "2024-03-02", "2024-04-01", "2024-05-01", "2024-05-31")
AT_RISK = {"at_risk": True, "coverage_limitation": True, "effective_from": "2024-01-01"}


async def test_the_programme_is_offered_to_who_qualifies(options: Plan) -> None:
    assert (await options.decide())["outcome"] == "eligible"
    assert (await options.decide(fills=[]))["outcome"] == "not_eligible"


async def test_it_helps_to_use_medicines_safely(options: Plan) -> None:
    english, spanish = await options.letters()
    assert "make sure that your medicines are safe and work well for you" in english
    assert "sus medicinas sean seguras" in spanish


async def test_it_costs_nothing_more(options: Plan) -> None:
    assert await options.parameter("wording.cost_to_member") == "none"
    english, spanish = await options.letters()
    assert "It is free. You pay nothing more to be in the program." in english
    assert "Es gratis." in spanish


async def test_eight_chronic_drugs_are_enough_and_seven_are_not(options: Plan) -> None:
    assert (await options.program())["drugs_counted"] == "part_d_maintenance"
    for drugs, outcome in ((7, "not_met"), (8, "met")):
        assert (await options.criterion("part_d_drugs", fills=options.fills(drugs)))["outcome"] == outcome


async def test_three_conditions_are_enough_and_two_are_not(options: Plan) -> None:
    for count, outcome in ((2, "not_met"), (3, "met")):
        told = options.diagnoses(options.codes[:count])
        assert (await options.criterion("chronic_conditions", diagnoses=told))["outcome"] == outcome


async def test_each_of_the_ten_conditions_counts(options: Plan) -> None:
    names = [one["name"] for one in (await options.program())["parameters"]]
    assert len([name for name in names if name.startswith("chronic_conditions.conditions.")]) == 10
    for place in range(10):
        three = tuple((options.codes + options.codes)[place : place + 3])
        found = await options.criterion("chronic_conditions", diagnoses=options.diagnoses(three))
        assert found["outcome"] == "met", three


async def test_costs_are_5330_dollars_or_more(options: Plan) -> None:
    assert [await options.cost(total) for total in ("5329.99", "5330.00")] == ["not_met", "met"]
    english, spanish = await options.letters()
    assert "will likely be $5,330 or more" in english
    assert "$5,330 o más" in spanish


async def test_a_drug_management_programme_is_enough_alone(options: Plan) -> None:
    found = await options.decide(fills=[], diagnoses=[], drug_management=AT_RISK)
    assert (found["outcome"], found["pathway"]) == ("eligible", "at_risk")


async def test_calls_come_from_two_numbers(options: Plan) -> None:
    assert (await options.program())["contact"]["caller_ids"] == list(NUMBERS)
    english, spanish = await options.letters()
    assert f"Our calls come from {NUMBERS[0]} or {NUMBERS[1]}." in english
    assert f"Llamamos desde {NUMBERS[0]} o {NUMBERS[1]}." in spanish


async def test_optum_rx_runs_the_programme(options: Plan) -> None:
    english, spanish = await options.letters()
    assert "Optum Rx runs the program for us." in english
    assert "Optum Rx maneja el programa" in spanish


async def test_who_qualifies_is_enrolled_without_asking(options: Plan) -> None:
    assert (await options.enroll("M-1"))["status"] == "enrolled"


async def test_who_has_opted_out_is_not_enrolled(options: Plan) -> None:
    path = f"/v1/enrollments/{(await options.enroll('M-3'))['enrollment_id']}"
    left = {"reason": "03", "on": "2024-07-01"}
    await options.running.ok("eligibility", "POST", f"{path}/opt-out", left)
    asked = {"program_id": options.program_id, "as_of": "2024-07-01"}
    await options.running.ok("eligibility", "POST", "/v1/members/M-3/determinations", asked)
    assert (await options.running.ok("eligibility", "GET", path))["status"] == "opted_out"


async def test_the_letter_tells_how_to_opt_out(options: Plan) -> None:
    english, spanish = await options.letters()
    assert f"By phone: {NUMBERS[1]} (TTY: 711), {HOURS}" in english.partition("How to leave the program")[2]
    assert f"Por teléfono: {NUMBERS[1]} (TTY: 711)" in spanish.partition("Cómo salir del programa")[2]


async def screened(options: Plan, *drugs: str, quantity: str = "30", days: tuple[str, ...] = MONTHLY) -> set[str]:
    """What a screening of a member with heart failure finds of these."""
    fills = [{"fill_date": day, "days_supply": 30, "quantity": quantity} for day in days]
    medications = [
        {"name": name, "status": "active", "source": "claim", "start": days[0], "fills": fills} for name in drugs
    ]
    conditions = [{"icd10": "I50.22", "since": "2024-02-10", "source": "claim"}]
    who = {"birth_date": "1950-02-03", "sex": "female"}
    body = {"as_of": "2024-06-30", "member": who, "medications": medications, "conditions": conditions}
    return {one["screen"] for one in (await options.running.ok("review", "POST", "/v1/screenings", body))["findings"]}


async def test_a_dose_that_is_too_high_is_found(options: Plan) -> None:
    metformin = "metformin 500 MG Oral Tablet"
    assert "dose" in await screened(options, metformin, quantity="240")
    assert "dose" not in await screened(options, metformin, quantity="60")


async def test_a_medicine_that_is_not_taken_regularly_is_found(options: Plan) -> None:
    statin = "atorvastatin 20 MG Oral Tablet"
    assert "adherence" in await screened(options, statin, days=("2024-01-02", "2024-03-20", "2024-06-10"))
    assert "adherence" not in await screened(options, statin)


async def test_a_harmful_combination_is_found(options: Plan) -> None:
    warfarin, naproxen = "warfarin sodium 5 MG Oral Tablet", "naproxen 500 MG Oral Tablet"
    assert "drug_drug" in await screened(options, warfarin, naproxen)
    assert "drug_drug" not in await screened(options, warfarin)


async def test_members_and_prescribers_are_told(options: Plan) -> None:
    for_member = (await options.recommended("member"))["review_id"]
    assert "Consider a safer medicine." in await options.document("tmr_member_letter", review_id=for_member)


async def test_claims_of_pharmacies_and_of_doctors_count_together(options: Plan) -> None:
    coverage = (await options.review("cmr"))["coverage"]
    assert (coverage["medications"], coverage["conditions"]) == (10, 10)


async def test_every_finding_names_its_evidence(options: Plan) -> None:
    findings = (await options.review("cmr"))["findings"]
    assert findings
    assert all(one["citation"]["source"] for one in findings)


async def test_a_consultation_is_held_one_on_one(options: Plan) -> None:
    await options.summaries()
    review = await options.running.ok(
        "review", "GET", f"/v1/reviews/{(await options.review('cmr', 'M-2'))['review_id']}"
    )
    assert (review["consultation"]["recipient"], review["consultation"]["method"]) == ("beneficiary", "telephone")


async def test_a_comprehensive_review_is_offered_by_letter(options: Plan) -> None:
    english, spanish = await options.letters("cmr_offer_letter")
    assert "we offer you a comprehensive medication review (CMR)" in english
    assert "le ofrecemos una revisión completa de sus medicinas (CMR)" in spanish


async def test_a_comprehensive_review_is_offered_by_a_call(options: Plan) -> None:
    path = f"/v1/enrollments/{(await options.enroll('M-4'))['enrollment_id']}"
    call = {"channel": "phone", "result": "reached", "on": "2024-07-01", "from_number": NUMBERS[0], "offers_cmr": True}
    await options.running.ok("eligibility", "POST", f"{path}/outreach", call)
    assert (await options.running.ok("eligibility", "GET", path))["cmr_offered_on"] == "2024-07-01"


async def test_the_review_takes_in_what_is_bought_without_a_prescription(options: Plan) -> None:
    english, spanish = await options.letters()
    assert "over-the-counter drugs, herbs, vitamins and supplements" in english
    assert "sin receta, las hierbas, las vitaminas y los suplementos" in spanish
    for name in ("ibuprofen", "fish oil", "ginkgo"):
        assert name in (await options.summaries())[0].lower()


async def test_medicines_are_reviewed_every_quarter(options: Plan) -> None:
    assert (await options.program())["clocks"]["tmr_every_days"] == 91
    english, spanish = await options.letters()
    assert "at least once every three months" in english
    assert "por lo menos cada tres meses" in spanish


async def test_a_targeted_review_finds_a_duplicate_therapy(options: Plan) -> None:
    first, second = "lisinopril 10 MG Oral Tablet", "enalapril maleate 10 MG Oral Tablet"
    assert "duplicate_therapy" in await screened(options, first, second)
    assert "duplicate_therapy" not in await screened(options, first)


async def test_a_targeted_review_finds_a_drug_against_a_disease(options: Plan) -> None:
    assert "drug_disease" in await screened(options, "naproxen 500 MG Oral Tablet")
    assert "drug_disease" not in await screened(options, "lisinopril 10 MG Oral Tablet")


async def test_prescribers_get_a_report_about_the_member(options: Plan) -> None:
    english, spanish = await options.letters()
    assert "Your facts are confidential. What we learn about your health and your medicines is used" in english
    assert "Sus datos son confidenciales" in spanish
    review_id = (await options.recommended("prescriber"))["review_id"]
    report = await options.document("prescriber_report", review_id=review_id)
    assert "Consider a safer medicine." in report
    assert "María Elena Fictional" in report


async def test_component_1_problems_are_found_behind_the_scenes(options: Plan) -> None:
    review = await options.review("cmr")
    assert review["findings"]
    assert await options.running.ok("review", "GET", f"/v1/reviews/{review['review_id']}/preparation")


async def test_component_2_a_review_is_owed_every_year(options: Plan) -> None:
    await options.enroll("M-1")
    told = await options.running.all("review", "/v1/deadlines?kind=cmr&within_days=366&member_id=M-1")
    assert [one["due_on"] for one in told] == ["2024-12-31"]


async def test_component_3_the_member_gets_lists_and_steps(options: Plan) -> None:
    english, spanish = await options.summaries()
    assert "Recommended To-Do List" in english
    assert "Medication List" in english
    assert "Lista de tareas recomendadas" in spanish
    assert "Lista de medicamentos" in spanish


async def test_a_letter_that_comes_back_leads_to_a_call_with_the_numbers(options: Plan) -> None:
    path = f"/v1/enrollments/{(await options.enroll('M-5'))['enrollment_id']}/outreach"
    for result in ("mailed", "returned_mail"):
        sent = {"channel": "mail", "result": result, "on": "2024-07-01"}
        await options.running.ok("eligibility", "POST", path, sent)
    work = await options.running.all(
        "eligibility", "/v1/outreach-worklist?program_id=health-options-2024&on=2024-07-01"
    )
    (call,) = [one for one in work if one["member_id"] == "M-5"]
    assert (call["channel"], call["script"]["caller_ids"]) == ("phone", list(NUMBERS))


async def pin(options: Plan) -> str:
    path = f"/v1/enrollments/{(await options.enroll('M-6'))['enrollment_id']}/pin"
    return str((await options.running.ok("eligibility", "POST", path))["pin"])


async def verified(options: Plan, **said: str) -> bool:
    who = member()["member"]
    body = {"program_id": options.program_id, "birth_date": who["birth_date"], "zip_code": who["zip_code"], **said}
    return bool((await options.running.ok("eligibility", "POST", "/v1/identity-verifications", body))["verified"])


async def test_a_voicemail_leaves_a_pin_of_seven_digits(options: Plan) -> None:
    assert await options.parameter("identity.pin_digits") == 7
    assert len(await pin(options)) == 7
    english, spanish = await options.letters()
    assert "If you miss our call, we leave a message with a seven-digit PIN." in english
    assert "PIN de siete números" in spanish


async def test_the_pin_is_needed_from_another_number_only(options: Plan) -> None:
    told = await pin(options)
    assert await verified(options, calling_number="717-555-0199", pin=told)
    assert not await verified(options, calling_number="717-555-0199")


async def test_date_of_birth_and_zip_code_are_asked(options: Plan) -> None:
    told = await pin(options)
    for wrong in ({"birth_date": "1948-02-04"}, {"zip_code": "17102"}):
        assert not await verified(options, calling_number="717-555-0199", pin=told, **wrong)
    english, spanish = await options.letters()
    assert "we ask for your date of birth and your ZIP code" in english
    assert "su fecha de nacimiento y su código postal" in spanish


async def test_health_facts_are_confidential(options: Plan) -> None:
    english, spanish = await options.letters()
    assert "Your facts are confidential. What we learn about your health and your medicines is used" in english
    assert "Sus datos son confidenciales" in spanish
    review_id = (await options.recommended("prescriber"))["review_id"]
    report = await options.document("prescriber_report", review_id=review_id)
    cover = report.partition("Confidential")
    assert "protected health information" in cover[2]
    assert "María Elena Fictional" not in cover[0]
    answer = await options.running.clients["review"].get("/v1/reviews", headers={"Authorization": ""})
    assert answer.status_code == 401


async def disposal(options: Plan) -> tuple[str, str]:
    await options.enroll("M-1")
    return await options.letters("safe_disposal")


async def test_disposal_take_back_sites_are_named_first(options: Plan) -> None:
    english, spanish = await disposal(options)
    assert "Take them to a take-back site" in english
    assert "Llévelas a un sitio de entrega" in spanish


async def test_disposal_the_dea_lets_pharmacies_take_medicines_back(options: Plan) -> None:
    english, spanish = await disposal(options)
    assert "U.S. Drug Enforcement Administration (DEA) lets drugstores and other approved sites" in english
    assert "(DEA) deja que las farmacias y otros sitios aprobados" in spanish


async def test_disposal_a_site_in_the_community_is_best(options: Plan) -> None:
    english, spanish = await disposal(options)
    assert "A take-back site near your home is the best way to get rid of medicines" in english
    assert "Un sitio de entrega cerca de su casa es la mejor opción" in spanish


async def test_disposal_the_dea_site_is_named(options: Plan) -> None:
    for text in await disposal(options):
        assert "apps2.deadiversion.usdoj.gov/pubdispsearch" in text.replace(" ", "")


async def test_disposal_medicine_is_mixed_with_dirt_or_coffee_grounds(options: Plan) -> None:
    english, spanish = await disposal(options)
    assert "such as dirt, cat litter or used coffee grounds." in english
    assert "como tierra, arena para gatos o café usado." in spanish


async def test_disposal_the_mix_goes_into_a_closed_container(options: Plan) -> None:
    english, spanish = await disposal(options)
    assert "Put the mix in a tub with a lid or in a bag that you can seal." in english
    assert "Ponga la mezcla en un envase con tapa o en una bolsa que cierre bien." in spanish


async def test_disposal_personal_facts_and_the_rx_number_are_hidden(options: Plan) -> None:
    english, spanish = await disposal(options)
    assert "Take your name, the Rx number and all other facts about you off the empty bottles." in english
    assert "Quite de los frascos vacíos su nombre, el número de receta (Rx) y sus demás datos." in spanish


async def test_disposal_both_go_into_the_trash(options: Plan) -> None:
    english, spanish = await disposal(options)
    assert "Put both in the trash: the sealed tub or bag, and the empty bottles." in english
    assert "Ponga las dos cosas en la basura:" in spanish


async def test_disposal_flushing_is_for_what_the_label_says(options: Plan) -> None:
    english, spanish = await disposal(options)
    assert "Flush a medicine down the toilet only if its label says so." in english
    assert "solo si su etiqueta lo dice" in spanish


async def test_disposal_the_site_of_health_and_human_services_is_named(options: Plan) -> None:
    for text in await disposal(options):
        assert "www.hhs.gov/opioids/prevention/safely-dispose-drugs" in text.replace(" ", "")


async def test_questions_have_a_number_tty_and_hours(options: Plan) -> None:
    assert await options.channel("questions") == (NUMBERS[1], "711", HOURS)
    english, spanish = await options.letters()
    assert f"{NUMBERS[1]} (TTY: 711), {HOURS}" in english
    assert f"{NUMBERS[1]} (TTY: 711), de lunes a viernes, de 8:00 a. m. a 8:00 p. m." in spanish
