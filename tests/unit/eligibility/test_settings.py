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
}


def test_production_says_where_uploaded_claims_lie() -> None:
    with pytest.raises(SettingsRefused, match="MTM_DATA_DIR must be set"):
        EligibilitySettings.from_environment("eligibility", PRODUCTION)
    kept = EligibilitySettings.from_environment("eligibility", PRODUCTION | {"MTM_DATA_DIR": "/srv/openmtm"})
    assert str(kept.data_dir) == "/srv/openmtm"


def test_the_data_folder_is_among_the_described_variables() -> None:
    assert "MTM_DATA_DIR" in {name for name, _, _ in describe_settings(EligibilitySettings)}
