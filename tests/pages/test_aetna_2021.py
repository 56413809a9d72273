"""Aetna's page for 2021, a test a sentence: docs/programme-pages.md tells which."""

from typing import Any

import pytest
from plan_pages import Plan

pytestmark = pytest.mark.asyncio(loop_scope="module")
NUMBER = "1-855-905-4689"


async def test_the_programme_helps_the_member_and_the_doctor(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "helps you and your doctor make sure that your medicines are safe" in english
    assert "les ayuda a usted y a su médico" in spanish


async def test_a_pharmacist_reviews_and_talks(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "You go over all of your medicines with a pharmacist" in english
    assert "repasa todas sus medicinas con un farmacéutico" in spanish


async def test_the_most_is_got_out_of_the_medicines(aetna: Plan) -> None:
    english, spanish = await aetna.summaries()
    assert "get the best results from your medicines" in english
    assert "sacar más provecho de sus medicinas" in spanish


async def test_side_effects_may_be_asked_about(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "ask about side effects" in english
    assert "efectos secundarios" in spanish


async def test_any_question_may_be_asked(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "anything else about your medicines" in english
    assert "lo que quiera saber de sus medicinas" in spanish


async def test_saving_money_is_talked_about(aetna: Plan) -> None:
    english, spanish = await aetna.letters("cmr_offer_letter")
    assert "side effects, cost or anything else" in english
    assert "costos" in spanish


async def test_who_qualifies_is_enrolled_without_asking(aetna: Plan) -> None:
    enrollment = await aetna.enroll("M-1")
    assert (enrollment["status"], enrollment["enrolled_on"]) == ("enrolled", "2021-06-30")


async def test_the_member_may_leave_at_any_time(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "It is your choice. You can leave at any time." in english
    assert "Puede salir del programa cuando quiera." in spanish
    path = f"/v1/enrollments/{(await aetna.enroll('M-3'))['enrollment_id']}"
    left = {"reason": "03", "on": "2021-06-30"}
    assert (await aetna.running.ok("eligibility", "POST", f"{path}/opt-out", left))["status"] == "opted_out"


async def test_it_costs_nothing(aetna: Plan) -> None:
    assert await aetna.parameter("wording.cost_to_member") == "none"
    english, spanish = await aetna.letters()
    assert "It is free. You pay nothing more to be in the program." in english
    assert "Es gratis." in spanish


async def test_three_conditions_are_enough_and_two_are_not(aetna: Plan) -> None:
    for count, outcome in ((2, "not_met"), (3, "met")):
        told = aetna.diagnoses(aetna.codes[:count])
        assert (await aetna.criterion("chronic_conditions", diagnoses=told))["outcome"] == outcome


async def test_each_condition_of_the_page_counts(aetna: Plan) -> None:
    for place in range(len(aetna.codes)):
        three = tuple((aetna.codes + aetna.codes)[place : place + 3])
        found = await aetna.criterion("chronic_conditions", diagnoses=aetna.diagnoses(three))
        assert found["outcome"] == "met", three
    others = aetna.diagnoses(("E78.5", "M06.9", "B20"))
    assert (await aetna.criterion("chronic_conditions", diagnoses=others))["outcome"] == "not_met"


async def test_cardiovascular_disorders_do_not_count_in_a_drug_plan(aetna: Plan) -> None:
    told = aetna.diagnoses(("I25.10", "E11.9", "F32.1"))
    for plan_type, outcome in (("MA-PD", "met"), ("PDP", "not_met")):
        found = await aetna.criterion("chronic_conditions", plan_type=plan_type, diagnoses=told)
        assert found["outcome"] == outcome


async def test_costs_are_more_than_4376_dollars(aetna: Plan) -> None:
    assert [await aetna.cost(total) for total in ("4376.00", "4376.01")] == ["not_met", "met"]


async def test_costs_are_what_the_member_and_the_plan_pay(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "will likely be more than $4,376. This counts what you pay and what the plan pays." in english
    assert "Esto suma lo que paga usted y lo que paga el plan." in spanish


async def test_eight_maintenance_drugs_are_enough_and_seven_are_not(aetna: Plan) -> None:
    assert (await aetna.program())["drugs_counted"] == "part_d_maintenance"
    for drugs, outcome in ((7, "not_met"), (8, "met")):
        assert (await aetna.criterion("part_d_drugs", fills=aetna.fills(drugs)))["outcome"] == outcome


async def test_all_three_tests_must_be_met(aetna: Plan) -> None:
    assert (await aetna.decide())["outcome"] == "eligible"
    few, cheap = aetna.fills(7, "500.00"), aetna.fills(total="9.00")
    lacking: tuple[dict[str, Any], ...] = ({"diagnoses": []}, {"fills": few}, {"fills": cheap})
    for part in lacking:
        assert (await aetna.decide(**part))["outcome"] == "not_eligible"


async def test_a_letter_comes_first(aetna: Plan) -> None:
    assert (await aetna.parameter("outreach.steps"))[0] == "mail"
    english, spanish = await aetna.letters()
    assert "As of June 30, 2021, you are in the Aetna Medicare" in english
    assert "Desde el 30 de junio de 2021" in spanish


async def test_a_call_follows(aetna: Plan) -> None:
    path = f"/v1/enrollments/{(await aetna.enroll('M-4'))['enrollment_id']}/outreach"
    sent = {"channel": "mail", "result": "mailed", "on": "2021-06-30"}
    await aetna.running.ok("eligibility", "POST", path, sent)
    assert (await aetna.running.ok("eligibility", "GET", path))["next_step"] == "phone"


async def test_outcomes_mtm_runs_the_programme(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "Outcomes MTM runs the program for us." in english
    assert "Outcomes MTM maneja el programa" in spanish


async def test_a_call_leaves_the_programme_by_number_tty_and_hours(aetna: Plan) -> None:
    told = (NUMBER, "711", "Monday through Friday, 8:00 a.m. to 6:00 p.m. CT")
    assert await aetna.channel("opt_out") == told
    english, spanish = await aetna.letters()
    assert f"{NUMBER} (TTY: 711), Monday through Friday, 8:00 a.m. to 6:00 p.m. CT" in english
    assert f"{NUMBER} (TTY: 711), de lunes a viernes, de 8:00 a. m. a 6:00 p. m." in spanish


async def test_the_letter_is_there_in_english_and_spanish(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "You are in our Medication Therapy Management program" in english
    assert "Usted ya está en nuestro programa de manejo de medicinas" in spanish


async def test_a_comprehensive_review_is_offered(aetna: Plan) -> None:
    english, spanish = await aetna.letters("cmr_offer_letter")
    assert "we offer you a comprehensive medication review (CMR)" in english
    assert "le ofrecemos una revisión completa de sus medicinas (CMR)" in spanish


async def test_step_1_every_medicine_is_looked_at_for_problems(aetna: Plan) -> None:
    review = await aetna.review("cmr")
    assert len(review["medications"]) == 10
    assert review["coverage"]["medications"] == review["coverage"]["medications_checked"] == 10
    assert review["findings"]


async def test_step_2_the_doctor_is_worked_with(aetna: Plan) -> None:
    made = await aetna.recommended("prescriber")
    path = f"/v1/reviews/{made['review_id']}/recommendations/{made['recommendation_id']}/outcome"
    body = {"outcome": "accepted", "on": "2021-06-30", "by": "prescriber", "author": "Pat Doe"}
    await aetna.running.ok("review", "POST", path, body)
    kept = await aetna.running.ok("review", "GET", f"/v1/recommendations/{made['recommendation_id']}")
    assert (kept["outcome"], len(kept["outcomes"])) == ("accepted", 1)


async def test_step_3_by_phone_or_in_person(aetna: Plan) -> None:
    assert (await aetna.program())["cmr_held_by"] == ["phone", "pharmacy"]
    english, spanish = await aetna.letters()
    assert "by phone or in person at your local pharmacy" in english
    assert "por teléfono o en persona en su farmacia local" in spanish


async def test_step_3_over_the_counter_drugs_are_reviewed_too(aetna: Plan) -> None:
    english, spanish = await aetna.summaries()
    assert "ibuprofen" in english
    assert "ibuprofen" in spanish


async def test_step_3_conditions_are_reviewed_too(aetna: Plan) -> None:
    coverage = (await aetna.review("cmr"))["coverage"]
    assert coverage["conditions"] == len(aetna.codes)


async def test_step_3_takes_about_30_minutes(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "It takes about 30 minutes" in english
    assert "Dura unos 30 minutos" in spanish


async def test_step_4_a_medication_list_and_an_action_plan_are_given(aetna: Plan) -> None:
    english, _ = await aetna.summaries()
    assert "Personal Medication List" in english
    assert "Medication Action Plan" in english


async def test_step_4_is_to_be_shared_with_the_doctor(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "Share both with your doctor." in english
    assert "Muestre las dos a su médico." in spanish


async def test_the_list_is_there_in_english_and_spanish(aetna: Plan) -> None:
    english, spanish = await aetna.summaries()
    assert "Why I use it:" in english
    assert "Lista personal de medicamentos" in spanish


async def test_the_action_plan_is_there_in_english_and_spanish(aetna: Plan) -> None:
    english, spanish = await aetna.summaries()
    assert "What I need to do:" in english
    assert "Plan de acción de medicamentos" in spanish


async def test_medicines_are_reviewed_every_three_months(aetna: Plan) -> None:
    assert (await aetna.program())["clocks"]["tmr_every_days"] == 91
    english, spanish = await aetna.letters()
    assert "at least once every three months" in english
    assert "por lo menos cada tres meses" in spanish


async def test_suggestions_go_to_the_doctor(aetna: Plan) -> None:
    report = await aetna.document("prescriber_report", review_id=(await aetna.recommended("prescriber"))["review_id"])
    assert "Consider a safer medicine." in report


async def test_the_doctor_decides_about_a_suggestion(aetna: Plan) -> None:
    report = await aetna.document("prescriber_report", review_id=(await aetna.recommended("prescriber"))["review_id"])
    assert "You decide." in report


async def test_nothing_changes_unless_member_and_doctor_decide(aetna: Plan) -> None:
    english, spanish = await aetna.letters()
    assert "You and your doctor decide. Nothing changes unless you both agree." in english
    assert "Sus medicinas no cambian si ustedes no quieren." in spanish


async def test_suggestions_go_to_the_member(aetna: Plan) -> None:
    review_id = (await aetna.recommended("member"))["review_id"]
    english = await aetna.document("tmr_member_letter", "en", review_id=review_id)
    spanish = await aetna.document("tmr_member_letter", "es", review_id=review_id)
    assert "Tips about your medicines" in english
    assert "Consejos sobre sus medicinas" in spanish


async def test_it_is_not_a_benefit(aetna: Plan) -> None:
    assert await aetna.parameter("wording.is_a_benefit") is False
    english, spanish = await aetna.letters()
    assert "It is not a benefit of your plan." in english
    assert "No es un beneficio de su plan." in spanish
