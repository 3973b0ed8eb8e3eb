"""A preset from a stranger can do nothing but set numbers."""

import os
import sys
from pathlib import Path

import pytest

from presets import store
from presets.exchange import import_file
from presets.refusal import PresetError
from tests.presets.hostile import WHOLE, measure

N_AT_LEAST = 500
MEMORY_MB = 64


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads its memory as Linux tells it")
def test_hundreds_of_hostile_presets_are_each_refused_in_one_sentence(tmp_path: Path):
    told = measure(tmp_path)
    assert told["wrong"] == []
    assert told["refused"] >= N_AT_LEAST
    assert told["refused"] + told["harmless"] == told["files"]
    assert told["outside"] == []
    assert set(told["kept"]) == {"000001.preset"}
    assert told["peak_mb"] - told["before_mb"] < MEMORY_MB


@pytest.mark.skipif(os.name != "posix", reason="has no such files")
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.preset")
    (tmp_path / "folder.preset").mkdir()
    (tmp_path / "loop.preset").symlink_to(tmp_path / "loop.preset")
    (tmp_path / "zero.preset").symlink_to("/dev/zero")
    for name in ("pipe", "folder", "loop", "zero"):
        with pytest.raises(PresetError, match=r"no file|cannot be read"):
            import_file(tmp_path / f"{name}.preset")


def test_a_file_of_terabytes_is_refused_by_its_size(tmp_path: Path):
    with (tmp_path / "large.preset").open("wb") as file:
        file.truncate(2**40)
        file.seek(-22, os.SEEK_END)
        file.write(WHOLE[-22:])
    with pytest.raises(PresetError, match="too large"):
        import_file(tmp_path / "large.preset")
    assert store.user_names() == []
