"""The OpenAPI schema: whatever it allows, and much that it does not, is answered and breaks nothing."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error

from embouchure.service.app import ROOT, make_app
from embouchure.service.stage import Stage
from presets.library import duplicate
from presets.setlists import new_setlist
from presets.spaces import factory_space
from tests.embouchure.service.house import Prompter

SLOW = r"/(devices|inputs|space/map)$"
"""What asks the operating system, or takes seconds, and is asked for without a word."""

stage = Stage()
stage.open(Prompter(), factory_space().sha256)
schema = schemathesis.openapi.from_asgi(f"{ROOT}/openapi.json", make_app(stage)).exclude(
    path_regex=SLOW, method="GET"
)


KNOWN = ("bow", "own-bow", "friday")
"""Names of which there is something; every other name that is tried is one of them."""


@pytest.fixture(scope="module", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name)))
        duplicate("bow", "own-bow")
        new_setlist("friday")
        yield


@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_nothing_that_is_sent_breaks_the_service(case: schemathesis.Case):
    name = case.path_parameters.get("name")
    if isinstance(name, str) and len(name) % 2:
        case.path_parameters["name"] = KNOWN[len(name) % len(KNOWN)]
    case.call_and_validate(checks=[not_a_server_error])
