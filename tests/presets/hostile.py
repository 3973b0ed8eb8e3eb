"""Damaged and hostile presets of every kind, and what becomes of each.

`python -m tests.presets.hostile` lets a library import every one of them and prints as JSON how many
were refused, what was not, what was written elsewhere, and how much memory that took at most.
"""

import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save as save_arrays

from mapper import reading, residual
from mapper.features import N_FEATURES
from mapper.mapping import N_INPUTS, TRAJECTORY_SIZE
from mapper.vibrato import WAYS, Vibrato
from presets import library, spaces, store
from presets.archive import ARRAYS, CARD, MAX_FILE_BYTES, SPACE
from presets.bundle import Bundle
from presets.exchange import import_file
from presets.preset import Preset
from presets.refusal import PresetError
from synth.space import SpaceError
from tests.presets.test_preset import a_preset

Case = tuple[str, bytes]
PRESET = a_preset("reed")
WHOLE = PRESET.to_bytes()
MEMBERS = PRESET.members()
TAKE = save_arrays({"touches": np.zeros((4, 9), np.float32)})
ROOT = Path(__file__).parents[2]


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as archive:
        warnings.simplefilter("ignore")  # it tells of names that are there twice
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_card(**changes: Any) -> bytes:  # noqa: ANN401
    card = json.loads(MEMBERS[CARD]) | changes
    return zipped(MEMBERS | {CARD: json.dumps(card).encode()})


def with_text(text: bytes) -> bytes:
    return zipped(MEMBERS | {CARD: text})


def with_arrays(content: bytes) -> bytes:
    return zipped(MEMBERS | {ARRAYS: content})


def broken_zips() -> Iterator[Case]:
    """Bytes changed, lost, put in between, before and behind."""
    rng = np.random.default_rng(1)
    for _ in range(160):
        content = bytearray(WHOLE)
        for at in rng.integers(0, len(content), rng.integers(2, 9)):
            content[at] ^= int(rng.integers(1, 256))
        yield "bytes changed", bytes(content)
    for at in rng.integers(0, len(WHOLE), 60):
        yield "cut short", WHOLE[:at]
        yield "a byte lost", WHOLE[:at] + WHOLE[at + 1 :]
    for junk in (b"\0", b"PK", b"#!/bin/sh\n", bytes(1000), WHOLE):
        yield "junk before", junk + WHOLE
        yield "junk behind", WHOLE + junk
    for content in (b"", b"PK\x05\x06" + bytes(18), b"\x7fELF", b"%PDF-1.7", os.urandom(4096)):
        yield "no zip", content


def hostile_zips() -> Iterator[Case]:
    """Paths, bombs, doubles, links, encryption, and directories that lie."""
    paths = ("../x", "/etc/passwd", "C:\\x", "takes/../../x.mid", "takes/x.mid/../y", "x\0.json",
             "preset.json/", "PRESET.JSON", "takes/", "takes/x.py", "./preset.json", "~/x",
             "takes/con .mid", "takes/x.mid ", "targets/x.mid", "space.safetensors/x", "é",
             "takes/" + "a" * 300 + ".mid", "\u202egnp.mid", "takes\\x.mid", "//host/x",
             "__pycache__/x.pyc", "mapping.safetensors.bak", "takes/%2e%2e/x.mid", "\r\nx",
             "preset.json\0", "conftest.py", "setup.py", ".", "..")  # fmt: skip
    for path in paths:
        yield "a strange path", zipped(MEMBERS | {path: b"x"})
    for name in (
        CARD,
        ARRAYS,
        SPACE,
        "takes/a.mid",
        "takes/a.safetensors",
        "targets/a.safetensors",
    ):
        yield "a bomb", zipped(MEMBERS | {name: bytes(2**25)})
    yield "a bomb", zipped(MEMBERS | {CARD: bytes(2**28)})
    yield "many bombs", zipped(MEMBERS | {f"takes/{i}.mid": bytes(2**22) for i in range(17)})
    yield "too many members", zipped(MEMBERS | {f"takes/{i}.mid": b"" for i in range(2000)})
    yield "very many members", zipped(MEMBERS | {f"takes/{i}.mid": b"" for i in range(70_000)})
    yield "a zip in a zip", zipped(MEMBERS | {"takes/a.zip": WHOLE})
    yield "a missing card", zipped({ARRAYS: MEMBERS[ARRAYS]})
    yield "a missing mapping", zipped({CARD: MEMBERS[CARD]})
    yield "too large", WHOLE[:-22] + bytes(MAX_FILE_BYTES) + WHOLE[-22:]
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield "another packing", zipped(MEMBERS, method)
    for name in MEMBERS:
        yield "a double", doubled(name)
        yield "a link", linked(name)
    for flag in (0x1, 0x20, 0x40, 0x2000):
        yield "encrypted or patched", patched(8, "<H", flag)
    for size in (0, 1, 2**31, 2**32 - 2, 2**32 - 1):
        yield "a size that lies", patched(24, "<L", size)
        yield "a packed size that lies", patched(20, "<L", size)
        yield "a place that lies", patched(42, "<L", size or 7)
    for method in (1, 6, 9, 12, 14, 93, 99, 65535):
        yield "another packing", patched(10, "<H", method)
    for at, form in ((8, "<H"), (10, "<H"), (12, "<L"), (16, "<L"), (20, "<H")):
        for value in (1, 3, 65535):
            yield "an end that lies", ended(at, form, value)
    yield "a wide end", WHOLE[:-22] + b"PK\x06\x07" + bytes(16) + WHOLE[-22:]
    yield "a comment", WHOLE[:-2] + struct.pack("<H", 5) + b"hello"


def doubled(name: str) -> bytes:
    file = io.BytesIO(WHOLE)
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, MEMBERS[name])
    return file.getvalue()


def linked(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member, content in MEMBERS.items():
            info = zipfile.ZipInfo(member)
            info.external_attr = (0o120777 if member == name else 0o100644) << 16
            archive.writestr(info, b"/etc/passwd" if member == name else content)
    return file.getvalue()


def patched(at: int, form: str, value: int) -> bytes:
    """Change a field of the first entry of the directory."""
    content = bytearray(WHOLE)
    struct.pack_into(form, content, WHOLE.index(b"PK\x01\x02") + at, value)
    return bytes(content)


def ended(at: int, form: str, value: int) -> bytes:
    """Change a field of the end of the directory."""
    content = bytearray(WHOLE)
    struct.pack_into(form, content, len(WHOLE) - 22 + at, value)
    return bytes(content)


def hostile_cards() -> Iterator[Case]:
    """Fields of every wrong kind, and text that is no card."""
    wrong = (None, [], {}, -1, 1e300, "", "\x1b[31m", "../x", "a" * 10_000, [[1]], True)
    legal = {("tags", "[]"), ("macros", "[]"), ("voice", "{}"), ("room", "{}"), ("manner", "{}"),
             ("morph_share", "null"), ("provenance", "{}"), ("metrics", "{}"),
             ("licence", '"../x"'), ("description", '"../x"')}  # fmt: skip
    for field in json.loads(MEMBERS[CARD]):
        for value in wrong:
            if (field, json.dumps(value)) not in legal:
                yield f"a wrong {field}", with_card(**{field: value})
    yield "macros without arrays", with_card(macros=[])
    for share in (0.5, 0, 1):
        yield "a morph of one", with_card(morph_share=share)
    for part, field, value in (
        ("voice", "gain_db", 25), ("voice", "legato_s", -1), ("voice", "run", "rm"),
        ("room", "decay_s", 1e9), ("room", "mix", -0.1), ("manner", "strike_share", 2),
        ("space", "sha256", "0"), ("space", "name", "\n"), ("provenance", "origin", "../x"),
        ("provenance", "ancestors", [{}] * 17), ("metrics", "A B", 1), ("metrics", "x", "y"),
    ):  # fmt: skip
        yield "a wrong part", with_card(**{part: {**json.loads(MEMBERS[CARD])[part], field: value}})
    yield "too many figures", with_card(metrics={f"m{i}": 1.0 for i in range(65)})
    card = MEMBERS[CARD]
    for text in (
        b"", b"null", b"[]", b"{}", b"{", b"[" * 200_000, b'{"a":' * 50_000, b"\xff\xfe{}",
        b"{'name': 1}", b"\xef\xbb\xbf" + card, card.replace(b"{", b"{,", 1), card + b"x",
        card.replace(b'"gain_db": 0.0', b'"gain_db": NaN'), b"1" * 100_000, b'"' + b"a" * 200_000,
        card.replace(b'"gain_db": 0.0', b'"gain_db": 1e999'), b"\0" * 1000,
        card.replace(b'"gain_db": 0.0', b'"gain_db": -Infinity'), card[:-3],
        card.replace(b"preset-2", b"preset-1"), card.replace(b"preset-2", b"preset-99"),
        b'{"format": {"format": "embouchure-preset-1"}}', b'{"__class__": "os.system"}',
        b"!!python/object/apply:os.system ['true']", b'\x80\x04cos\nsystem\n', b"\\u0000",
        card.replace(b'"A reed."', b'"\\ud800"'), card.replace(b'"A reed."', b'"\\u202e"'),
    ):  # fmt: skip
        yield "no card", with_text(text)


def hostile_arrays() -> Iterator[Case]:
    """Numbers that are none, shapes that do not fit, headers that lie."""
    arrays = PRESET.mapping.arrays() | {"macros": PRESET.macros}
    for name, array in arrays.items():
        for value in (np.nan, np.inf, -np.inf, 3e38):
            bad = np.array(array)
            bad.flat[-1] = value
            if name not in ("low", "high", "spread") or not np.isfinite(value):
                yield "a number that cannot be", with_arrays(save_arrays(arrays | {name: bad}))
        for bad in (array[:-1], array[None], array.astype(np.float64), array.astype(np.int8),
                    np.zeros((0,), np.float32), np.float32(1).reshape(())):  # fmt: skip
            if not (name == "slew" and bad.size == 0):
                yield "a shape or kind", with_arrays(save_arrays(arrays | {name: np.array(bad)}))
        if name not in ("slew", "macros"):
            rest = {key: value for key, value in arrays.items() if key != name}
            yield "one missing", with_arrays(save_arrays(rest))
    yield "one more", with_arrays(save_arrays(arrays | {"more": PRESET.macros}))
    yield "half a morph", with_arrays(save_arrays(arrays | {"other.bias": PRESET.macros[0]}))
    yield "too many units", with_arrays(save_arrays(wide(arrays)))


def lying_headers() -> Iterator[Case]:
    """The text before the numbers, which says where they are."""
    good = PRESET.members()[ARRAYS]
    size = int.from_bytes(good[:8], "little")
    for lie in (0, 1, size - 1, size + 1, 2**31, 2**40, 2**63, 2**64 - 1):
        yield "a header that lies", with_arrays(lie.to_bytes(8, "little") + good[8:])
    for old, new in (
        (b"F32", b"F64"), (b"F32", b"BF16"), (b"F32", b"XYZ"), (b"[0,", b"[9,"),
        (b'"shape":[', b'"shape":[-1,'), (b'"shape":[', b'"shape":[9223372036854775807,'),
        (b'"shape":[', b'"shape":[4294967296,4294967296,'), (b'"shape":[', b'"shape":[0,'),
        (b'"data_offsets"', b'"data_offset5"'), (b'"dtype"', b'"dtyp3"'),
        (b'{"', b'{"__metadata__":{"a":1},"', ), (b'"data_offsets":[', b'"data_offsets":[1e9,'),
    ):  # fmt: skip
        header = good[8 : 8 + size].replace(old, new, 1)
        told = len(header).to_bytes(8, "little")
        yield "a header that lies", with_arrays(told + header + good[8 + size :])
    deep = b'{"a":' + b"[" * 100_000
    yield "a deep header", with_arrays(len(deep).to_bytes(8, "little") + deep)
    rng = np.random.default_rng(2)
    for _ in range(60):
        content = bytearray(good)
        for at in rng.integers(0, size + 8, 3):
            content[at] ^= int(rng.integers(1, 256))
        yield "a header with bytes changed", with_arrays(bytes(content))


def taught_arrays() -> dict[str, Any]:
    """Arrays of a mapping with everything that it may learn: reading, residual, vibrato."""
    rng = np.random.default_rng(7)
    learned = {f"reading.{name}": shape for name, shape in reading.shapes(5).items()}
    learned |= {
        f"residual.{name}": shape
        for name, shape in residual.shapes(4, N_INPUTS, TRAJECTORY_SIZE).items()
    }
    drawn = {name: rng.uniform(0.1, 0.3, shape) for name, shape in learned.items()}
    drawn["reading.high"] = drawn["reading.low"] + 1.0
    made = PRESET.mapping.arrays() | {name: np.float32(array) for name, array in drawn.items()}
    for name, rows in (("linear", 0), ("hidden", 1)):
        extra = [(0, 0), (0, 0)]
        extra[rows] = (0, N_INPUTS - N_FEATURES)
        made[name] = np.pad(made[name], extra)
    vibrato = Vibrato(
        rate_hz=5.0, extents=(0.3, 0.1, 0.1), swings=np.zeros((WAYS, TRAJECTORY_SIZE), np.float32)
    )
    return made | {f"vibrato.{name}": array for name, array in vibrato.arrays().items()}


def hostile_learning() -> Iterator[Case]:
    """A taught mapping whose learned parts are none."""
    arrays = taught_arrays() | {"macros": PRESET.macros}
    assert Preset.from_bytes(with_arrays(save_arrays(arrays))).mapping.vibrato
    for name in (name for name in arrays if "." in name):
        array = arrays[name]
        for bad in (array * np.nan, array + np.inf, array[:-1], array[None], array.astype(np.float16),
                    np.zeros((0, 0), np.float32), np.float32(1).reshape(())):  # fmt: skip
            if (name, bad.dtype) != ("vibrato.habit", np.float16):
                yield "a learned part", with_arrays(save_arrays(arrays | {name: np.array(bad)}))
        rest = {key: value for key, value in arrays.items() if key != name}
        yield "one missing", with_arrays(save_arrays(rest))
    for value in (-1.0, 3.0, 0.5, 1e9):
        habit = arrays["vibrato.habit"].copy()
        habit[1] = value
        lost = with_arrays(save_arrays(arrays | {"vibrato.habit": habit}))
        yield "a vibrato of nothing", lost
    huge = np.full_like(arrays["residual.centre"], 3e38)
    yield "a number that cannot be", with_arrays(save_arrays(arrays | {"residual.centre": huge}))


def wide(arrays: dict[str, Any]) -> dict[str, Any]:
    n_hidden = 4096
    return arrays | {
        "bias": np.zeros(n_hidden, np.float32),
        "hidden": np.zeros((n_hidden, arrays["hidden"].shape[1]), np.float32),
        "out": np.zeros((n_hidden, arrays["out"].shape[1]), np.float32),
    }


def hostile_sources() -> Iterator[Case]:
    """Takes, targets and spaces that are none."""
    for content in (b"", b"MThd", b"MThd\0\0\0\6\0\1\xff\xff\0\x60", b"x" * 9999, WHOLE, TAKE,
                    b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk\x7f\xff\xff\xff"):  # fmt: skip
        yield "a take that is none", zipped(MEMBERS | {"takes/a.mid": content})
    nan = save_arrays({"touches": np.full((4, 9), np.nan, np.float32)})
    for content in (b"", b"\xff" * 64, TAKE[:-1], nan, (2**62).to_bytes(8, "little") + TAKE[8:]):
        yield "a take that is none", zipped(MEMBERS | {"takes/a.safetensors": content})
        yield "a target that is none", zipped(MEMBERS | {"targets/a.safetensors": content})
    for content in (b"", TAKE, b"\0" * 2**20, (2**40).to_bytes(8, "little") + b"{}"):
        yield "a space that is none", with_space(content)
        yield "another space", zipped(MEMBERS | {SPACE: content})


def with_space(content: bytes) -> bytes:
    needed = {"name": "evil", "sha256": hashlib.sha256(content).hexdigest()}
    card = json.dumps(json.loads(MEMBERS[CARD]) | {"space": needed}).encode()
    return zipped(MEMBERS | {CARD: card, SPACE: content})


KINDS = (
    broken_zips,
    hostile_zips,
    hostile_cards,
    hostile_arrays,
    hostile_learning,
    lying_headers,
    hostile_sources,
)


def attempt(path: Path) -> str | None:
    """Import a file; tell the sentence of its refusal."""
    try:
        import_file(path)
    except (PresetError, SpaceError) as error:
        return str(error)
    return None


def is_harmless(path: Path) -> bool:
    """Whether a changed file still says exactly what it said, as where only a date was changed."""
    return Bundle.open(path).to_bytes() == WHOLE


def write(folder: Path) -> int:
    """Write every hostile file into a folder, and return how many there are."""
    cases = [case for kind in KINDS for case in kind()]
    for number, (label, content) in enumerate(cases):
        (folder / f"{number:04d} {label}.preset").write_bytes(content)
    return len(cases)


def run(files: Path, own: Path) -> dict[str, Any]:
    """Import every file in a folder into an empty library, and tell what became of them."""
    store.user_folder = lambda: own / "presets"
    spaces.user_folder = lambda: own / "spaces"
    own.mkdir()
    first = own / "first.preset"
    first.write_bytes(WHOLE)
    assert attempt(first) is None
    first.unlink()
    library.delete("reed")
    before_mb = peak_mb()
    refused, harmless, wrong = Counter[str](), 0, []
    for path in sorted(files.iterdir()):
        label, sentence = path.stem[5:], attempt(path)
        if sentence is None and is_harmless(path):
            harmless += 1
            library.delete("reed")
        elif sentence is None or "\n" in sentence or len(sentence) > 600:
            wrong.append([label, sentence])
        else:
            refused[label] += 1
    return {
        "refused": refused.total(),
        "harmless": harmless,
        "wrong": wrong,
        "kinds": refused,
        "kept": sorted(path.name for path in own.rglob("*") if path.is_file()),
        "peak_mb": peak_mb(),
        "before_mb": before_mb,
    }


def peak_mb() -> float:
    """Most memory this process ever had; the system's other figure counts its parent's too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measure(folder: Path) -> dict[str, Any]:
    """Write the files here, and let a process of its own, somewhere else, import them."""
    for name in ("files", "elsewhere"):
        (folder / name).mkdir()
    n_files = write(folder / "files")
    before = listing(folder)
    done = subprocess.run(
        [sys.executable, "-m", "tests.presets.hostile", folder / "files", folder / "own"],
        cwd=folder / "elsewhere",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    told = json.loads(done.stdout)
    after = listing(folder, besides=folder / "own")
    return told | {"files": n_files, "outside": sorted(set(before.items() ^ after.items()))}


def listing(folder: Path, besides: Path | None = None) -> dict[str, tuple[int, int]]:
    """Size and time of every file below a folder."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and not (besides and path.is_relative_to(besides))
    }


if __name__ == "__main__":
    if len(sys.argv) == 3:
        json.dump(run(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout)
    else:
        with tempfile.TemporaryDirectory() as made:
            json.dump(measure(Path(made)), sys.stdout, indent=2)
