"""A connection for the Python tools that waits when it is told to (429 with Retry-After, SCIM-201), as every identity
provider does."""

import os
import time

from httpx2 import Client, Response
from scim2_client.engines.httpx2 import SyncSCIMClient


class Patient(Client):
    def request(self, *args, **kwargs) -> Response:
        while True:
            answer = super().request(*args, **kwargs)
            if answer.status_code != 429:
                return answer
            time.sleep(int(answer.headers["retry-after"]))


def connect() -> SyncSCIMClient:
    headers = {"Authorization": f"Bearer {os.environ['SCIM_TOKEN']}"}
    return SyncSCIMClient(Patient(base_url=os.environ["SCIM_BASE"], headers=headers, timeout=60))
