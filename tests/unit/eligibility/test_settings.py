"""Settings of the eligibility service: what production must say."""

import pytest
from mtm_eligibility.settings import EligibilitySettings
from mtm_shared.web import SettingsRefused, describe_settings

PRODUCTION = {
    "MTM_ENVIRONMENT": "production",
    "MTM_DATABASE_URL": "postgresql://db/eligibility",
    "MTM_ISSUER": "https://id.example.org",
    "MTM_AUDIENCE": "openmtm",
    "MTM_JWKS_URL": "https://id.example.org/keys",
    "MTM_PIN_KEY": "k" * 32,
}


def test_production_says_where_uploaded_claims_lie() -> None:
    with pytest.raises(SettingsRefused, match="MTM_DATA_DIR must be set"):
        EligibilitySettings.from_environment("eligibility", PRODUCTION)
    kept = EligibilitySettings.from_environment("eligibility", PRODUCTION | {"MTM_DATA_DIR": "/srv/openmtm"})
    assert str(kept.data_dir) == "/srv/openmtm"


def test_the_data_folder_is_among_the_described_variables() -> None:
    assert "MTM_DATA_DIR" in {name for name, _, _ in describe_settings(EligibilitySettings)}


@pytest.mark.parametrize("key", ["", "k" * 31])
def test_production_has_a_long_key_for_pins(key: str) -> None:
    given = PRODUCTION | {"MTM_DATA_DIR": "/srv/openmtm", "MTM_PIN_KEY": key}
    with pytest.raises(SettingsRefused, match="MTM_PIN_KEY must be set to at least 32 characters"):
        EligibilitySettings.from_environment("eligibility", given)


def test_the_key_of_pins_is_not_shown() -> None:
    given = PRODUCTION | {"MTM_DATA_DIR": "/srv/openmtm", "MTM_PIN_KEY": "hidden" * 8}
    assert "hidden" not in repr(EligibilitySettings.from_environment("eligibility", given))
