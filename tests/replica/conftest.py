"""One replica for all tests of the package: building it takes a second."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from govcrawl.replica import Replica
from govcrawl.replica.request_response import ReplicaRequest, ReplicaResponse


@pytest.fixture(scope="session")
def replica() -> Replica:
    return Replica()


@pytest.fixture
def ask(replica):
    """Asks the replica for an address, without a server."""

    def ask_for(
        url: str, method: str = "GET", form: str = "", of: Replica = replica, *, referrer: str = ""
    ) -> ReplicaResponse:
        parts = urlsplit(url)
        fields = (*parse_qsl(parts.query, keep_blank_values=True), *parse_qsl(form, keep_blank_values=True))
        return of.respond(
            ReplicaRequest(method, parts.netloc, parts.path, dict(fields), parts.scheme, referrer, form.encode())
        )

    return ask_for
