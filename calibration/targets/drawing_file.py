"""Files of drawings: JSON with everything, or CSV with a line for each point."""

import csv
import io
import json
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from calibration.targets.drawing import Drawing, Point
from calibration.targets.target import TargetError
from mapper.complaint import complaint
from mapper.whole_file import write_whole

COLUMNS: Final = Point._fields
MAX_FILE_BYTES: Final = 2**20


def read_drawing(path: Path) -> Drawing:
    """Read a drawing, JSON or by its ending CSV.

    Raises
    ------
    TargetError
        When the file cannot be read, or is no drawing.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise TargetError(f"{path} is too large for a drawing; at most 1 MB is read")
        text = content.decode("utf-8-sig")
        if path.suffix.lower() == ".csv":
            return Drawing.model_validate({"points": _points_of_csv(text)})
        return Drawing.model_validate(_with_plain_points(json.loads(text)))
    except OSError as error:
        raise TargetError(
            f"the drawing {path} cannot be read: {error.strerror}; name a JSON or CSV file"
        ) from None
    except ValidationError as error:
        raise TargetError(f"the drawing {path} cannot be used: {_explain(error)}") from None
    except (ValueError, TypeError, KeyError, csv.Error, RecursionError) as error:
        if isinstance(error, TargetError):
            raise
        raise TargetError(
            f"{path} is no drawing; write JSON with points, or CSV with a line "
            f"{','.join(COLUMNS)} and a line of numbers for each point"
        ) from None


def write_drawing(drawing: Drawing, path: Path) -> None:
    """Write a drawing, whole or not at all, JSON or by its ending CSV.

    Raises
    ------
    TargetError
        When the place cannot be written.
    """
    text = to_csv(drawing) if path.suffix.lower() == ".csv" else to_json(drawing)
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise TargetError(
            f"the drawing cannot be written to {path}: {error.strerror}; choose another place"
        ) from None


def to_json(drawing: Drawing) -> str:
    """Write a drawing as JSON, a point a line."""
    card = drawing.model_dump(exclude={"points"}, exclude_none=True)
    points = ",\n    ".join(json.dumps(point._asdict()) for point in drawing.points)
    head = json.dumps(card, indent=2).removesuffix("\n}")
    return f'{head},\n  "points": [\n    {points}\n  ]\n}}\n'


def to_csv(drawing: Drawing) -> str:
    """Write a drawing's points as CSV; note, strike and lift are not in it."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(drawing.points)
    return written.getvalue()


def _points_of_csv(text: str) -> list[tuple[float, ...]]:
    """Read the columns by their names, in any order; those that are missing stay as they are."""
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    wrong = {name for row in rows for name in row if name not in COLUMNS}
    if wrong or not rows:
        raise ValueError("columns")
    present = [name for name in COLUMNS if name in rows[0]]
    if present != list(COLUMNS[: len(present)]):
        raise ValueError("columns")
    return [tuple(float(row[name]) for name in present) for row in rows]


def _with_plain_points(content: dict[str, object]) -> dict[str, object]:
    """Let a point be an object or a list of numbers."""
    points = content["points"]
    if not isinstance(points, list):
        raise TypeError("points")
    plain = [Point(**point) if isinstance(point, dict) else Point(*point) for point in points]
    return content | {"points": plain}


def _explain(error: ValidationError) -> str:
    """Say in one line what the first wrong number of a drawing is."""
    wrong = complaint(error)
    match wrong.error["loc"]:
        case ("points", int(index), column):
            name = COLUMNS[column] if isinstance(column, int) else column
            return wrong.words(f"the {name} of point {index + 1}")
        case _:
            return wrong.words(wrong.place or "it")
