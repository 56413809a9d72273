"""What guards a PIN: a keyed look-up that finds it, and a slow hash that proves it.

Seven digits are ten million possibilities, so neither a plain hash nor a slow one alone would keep a stolen database
from telling PINs. Both are made with the service's key (`MTM_PIN_KEY`), which is not in the database.
"""

import hashlib
import hmac
import secrets
from typing import Final

from mtm_eligibility.domain.program import CallBackIdentity

SALT_BYTES: Final = 16
# About 16 MiB and some 50 ms: once for each PIN made and each caller identified.
_COST: Final = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024, "dklen": 32}


def keyed(key: bytes, kind: str, *parts: str) -> str:
    """A look-up that only the holder of the key can make; kinds keep those of different things apart."""
    message = "\x1f".join((kind, *parts)).encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def slow_hash(key: bytes, pin: str, salt: bytes) -> bytes:
    """The hash that is compared. It blocks for its work: call it in a thread."""
    peppered = keyed(key, "pin", pin).encode()
    return hashlib.scrypt(peppered, salt=salt, **_COST)


def new_pin(identity: CallBackIdentity) -> str:
    """As many random digits as the programme says, each PIN as likely as any other; leading zeros stay."""
    return "".join(secrets.choice("0123456789") for _ in range(identity.pin_digits.value))
