"""The archive: a preset's file from anyone, a zip whose members are read within bounds.

Nothing is ever unpacked to a disk. Its directory is looked at before anything is read, and only the
member that is asked for is unpacked, into memory and no further than its bound.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Self

from presets.refusal import PresetError

CARD: Final = "preset.json"
ARRAYS: Final = "mapping.safetensors"
SPACE: Final = "space.safetensors"
MAX_FILE_BYTES: Final = 48 * 2**20
MAX_UNPACKED_BYTES: Final = 64 * 2**20
MAX_MEMBERS: Final = 1024
MAX_DIRECTORY_BYTES: Final = 256 * 2**10
KEY: Final = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?"
MEMBERS: Final = {
    re.compile(re.escape(CARD)): 256 * 2**10,
    re.compile(re.escape(ARRAYS)): 2**20,
    re.compile(rf"takes/{KEY}\.(?:safetensors|mid)"): 6 * 2**20,
    re.compile(rf"targets/{KEY}\.safetensors"): 4 * 2**20,
    re.compile(re.escape(SPACE)): 16 * 2**20,
}
"""What a preset's file may hold, by the names of its members, and the most bytes of each."""

_END: Final = struct.Struct("<4s4H2LH")
_END_SIGNATURE: Final = b"PK\x05\x06"
_WIDE_LOCATOR: Final = b"PK\x06\x07"
_WIDE_LOCATOR_BYTES: Final = 20
_KNOWN_FLAGS: Final = 0x080E
"""How hard it was packed, sizes after the data, names in UTF-8; not encryption, not patches."""
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Others may ask for gigabytes to unpack a few bytes."""
DAMAGED: Final = "it is damaged or not a preset; get the file again"
ZIP_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)


def limit_bytes(name: str) -> int | None:
    """Say how large the member of this name may be; None when a preset has no such member."""
    return next((limit for form, limit in MEMBERS.items() if form.fullmatch(name)), None)


class Archive:
    """A zip that is a preset's as far as its directory tells."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zipped = zipped
        members = zipped.infolist()
        self.names = tuple(member.filename for member in members)
        _check_names(self.names)
        for member in members:
            _check_member(member)
        if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise PresetError(
                f"it unpacks to more than {MAX_UNPACKED_BYTES} bytes; leave takes out"
            )

    @classmethod
    @contextmanager
    def open(cls, source: bytes | Path) -> Iterator[Self]:
        """Open a file or its bytes.

        Raises
        ------
        PresetError
            When it is no zip or not a preset's; in one sentence that does not name it.
        """
        with io.BytesIO(source) if isinstance(source, bytes) else _opened(source) as file:
            try:
                _check_end(file)
                zipped = zipfile.ZipFile(file)
            except PresetError:
                raise
            except ZIP_ERRORS:
                raise PresetError(DAMAGED) from None
            with zipped:
                yield cls(zipped)

    def read(self, name: str) -> bytes:
        """Unpack one member, which its check sum says is as it was written.

        Raises
        ------
        PresetError
            When it is damaged.
        """
        size = self._zipped.getinfo(name).file_size
        try:
            with self._zipped.open(name) as member:
                content = member.read(size + 1)
        except ZIP_ERRORS:
            raise PresetError(DAMAGED) from None
        if len(content) != size:
            raise PresetError(DAMAGED)
        return content


def pack(members: Mapping[str, bytes]) -> bytes:
    """Pack members; equal members give equal bytes.

    Raises
    ------
    PresetError
        When a member is not a preset's, or too large for one.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for name, content in members.items():
            _check_size(name, len(content))
            zipped.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _opened(path: Path) -> BinaryIO:
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise PresetError("it is no file; name one that is")
        return path.open("rb")
    except OSError as error:
        raise PresetError(f"it cannot be read ({error.strerror}); name a file that can") from None


def _check_end(file: BinaryIO) -> None:
    """Refuse what zipfile would read at length: a large directory, or one that says it is."""
    size = file.seek(0, io.SEEK_END)
    if size > MAX_FILE_BYTES:
        raise PresetError(f"it is too large for a preset; at most {MAX_FILE_BYTES} bytes are read")
    file.seek(max(0, size - _END.size - _WIDE_LOCATOR_BYTES))
    tail = file.read()
    signature, _, _, _, n_members, length, start, _ = _END.unpack(tail[-_END.size :])
    if signature != _END_SIGNATURE or start + length + _END.size != size:
        raise PresetError(DAMAGED)
    if n_members > MAX_MEMBERS or length > MAX_DIRECTORY_BYTES or _WIDE_LOCATOR in tail:
        raise PresetError(f"it holds more than the {MAX_MEMBERS} members that a preset may have")


def _check_names(names: tuple[str, ...]) -> None:
    strange = [name for name in names if limit_bytes(name) is None]
    if strange or not {CARD, ARRAYS} <= set(names) or len(set(names)) < len(names):
        raise PresetError(
            f"a preset holds {CARD} and {ARRAYS}, perhaps takes, targets and {SPACE}, each once, "
            "and nothing else"
        )


def _check_member(member: zipfile.ZipInfo) -> None:
    _check_size(member.filename, member.file_size)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or member.orig_filename != member.filename:
        raise PresetError(f"its {member.filename} is no file; get the preset again")
    if member.flag_bits & ~_KNOWN_FLAGS or member.compress_type not in _METHODS:
        raise PresetError(f"its {member.filename} is encrypted or packed in a way presets are not")


def _check_size(name: str, n_bytes: int) -> None:
    limit = limit_bytes(name)
    if limit is None:
        raise PresetError(f"a preset has no member called {name[:60]!r}")
    if n_bytes > limit:
        raise PresetError(f"its {name} is too large; at most {limit} bytes are read")
