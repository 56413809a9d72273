"""`mtm-eligibility`: serve, migrate, worker."""

from mtm_shared.web import service_cli

from mtm_eligibility.main import create_app
from mtm_eligibility.settings import EligibilitySettings
from mtm_eligibility.worker import work

app = service_cli("eligibility", create_app, settings=EligibilitySettings, worker=work)
