"""Says whether the service in this container is ready: exit status 0 when `GET /readyz` answers 200.

Python is in the image anyway, curl is not. A worker has no port: its container switches this check off.
"""

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    """Ask the service on its own port; anything but 200 is unhealthy."""
    address = f"http://127.0.0.1:{os.environ.get('MTM_PORT', '8000')}/readyz"
    try:
        with urllib.request.urlopen(address, timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
