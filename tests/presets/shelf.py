"""What a player may have on the shelf: a performance, sources, a whole preset."""

from pathlib import Path

from safetensors.numpy import save as save_arrays

from mapper.recorder import Recorder
from presets.bundle import Bundle
from tests.presets.test_preset import a_preset


def a_performance(folder: Path) -> bytes:
    recorder = Recorder()
    recorder.record(0.0, 0, b"\x91\x45\x60")
    recorder.record(0.25, 0, b"\x81\x45\x40")
    recorder.export(folder / "note.mid")
    return (folder / "note.mid").read_bytes()


def some_sources(folder: Path) -> dict[str, bytes]:
    curve = save_arrays({"touches": a_preset().macros})
    return {
        "takes/first-1.safetensors": curve,
        "takes/first-1.mid": a_performance(folder),
        "targets/swell.safetensors": curve,
    }


def a_bundle(folder: Path, name: str = "reed") -> Bundle:
    return Bundle(preset=a_preset(name), sources=some_sources(folder))
