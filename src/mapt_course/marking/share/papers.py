"""The JSON in a share (lead to marker), in a return (marker to lead), and of what was merged.

What comes by mail is checked against a schema before anything is done with it; after that the
plain values are used as they are.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema

from ..merge import COMMENT, EXTRA, SCORE, TO_READ, Place, Value, Values
from ..submission import TRAINEE_ID

FORMAT = 1
NAME = rf"^{TRAINEE_ID.pattern}\Z"  # of a trainee, a marker, an assignment, a notebook

_NAME = {"type": "string", "pattern": NAME}
_CELL_NAME = {"type": "string", "maxLength": 128}
_ID = {"type": "string", "pattern": r"^[0-9a-f]{32}\Z"}
_DIGEST = {"type": "string", "pattern": r"^[0-9a-f]{64}\Z"}
_TEXT = {"type": ["string", "null"], "maxLength": 100_000}
# The bound keeps the infinite out, which JSON as Python reads it can hold.
_POINTS = {"type": ["number", "null"], "minimum": -1e6, "maximum": 1e6}
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 10_000}
_PLACE = [_CELL_NAME, _CELL_NAME]
_FORMATS = jsonschema.FormatChecker(formats=())


@_FORMATS.checks("time", raises=ValueError)
def _is_time(value: Any) -> bool:
    return value is None or datetime.fromisoformat(value).tzinfo is None


def _row(*columns: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "prefixItems": list(columns), "minItems": len(columns), "items": False}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "propertyNames": _NAME, "additionalProperties": values}


_GIVEN = {
    "type": "array",
    "items": {
        "anyOf": [
            _row(*_PLACE, {"const": COMMENT}, {"type": "string", "maxLength": 100_000}),
            _row(*_PLACE, {"const": TO_READ}, {"const": True}),
            _row(*_PLACE, {"enum": [SCORE, EXTRA]}, {**_POINTS, "type": "number"}),
        ]
    },
}
_HEAD = {"format": {"const": FORMAT}, "id": _ID, "assignment": _NAME, "marker": _NAME}

SHARE = _object(
    **_HEAD,
    kind={"const": "share"},
    number=_NUMBER,
    cells={
        "type": "array",
        "items": _row(
            *_PLACE,
            {"enum": ["GradeCell", "SolutionCell", "TaskCell"]},
            {"enum": ["code", "markdown", None]},
            _POINTS,
        ),
    },
    trainees=_by_name(
        _object(
            first_name=_TEXT,
            last_name=_TEXT,
            timestamp={"type": ["string", "null"], "format": "time"},
            hand_in=_DIGEST,
            notebooks=_by_name(_object(flagged={"type": "boolean"}, late_penalty=_POINTS)),
            marked={"type": "array", "items": _row(*_PLACE, _POINTS, _TEXT)},
            given=_GIVEN,
        )
    ),
)
RETURN = _object(
    **_HEAD,
    kind={"const": "return"},
    after={"type": "array", "items": _ID},
    trainees=_by_name(_object(share=_NUMBER, hand_in=_DIGEST, base=_GIVEN, given=_GIVEN)),
)


class PaperError(ValueError):
    """What was read is no such paper, or damaged; the message is a sentence."""


def read(raw: bytes, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The paper in some bytes; PaperError where they hold none."""
    kind = schema["properties"]["kind"]["const"]
    try:
        values = json.loads(raw)
        write(values)  # ValueError for what JSON cannot hold and Python reads: NaN, half characters
        jsonschema.Draft202012Validator(schema, format_checker=_FORMATS).validate(values)
    except (jsonschema.ValidationError, RecursionError, ValueError) as wrong:
        raise PaperError(f"It is no {kind} made by “mapt share”, or was damaged.") from wrong
    return values


def write(values: Any) -> bytes:
    """A paper as bytes; ValueError for what JSON cannot hold."""
    return json.dumps(values, ensure_ascii=False, allow_nan=False, indent=1).encode() + b"\n"


def keep(path: Path, values: Mapping[str, Any]) -> None:
    """Write a paper to a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as stream:
        stream.write(write(values))
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def kept(path: Path) -> dict[str, Any]:
    """A paper that :func:`keep` wrote."""
    return json.loads(path.read_bytes())


def all_kept(folder: Path) -> list[dict[str, Any]]:
    """The papers that :func:`keep` wrote into a folder, by name; none where there is no folder."""
    return [kept(path) for path in sorted(folder.glob("*.json"))]


def rows(values: Values) -> dict[str, list[list[Value]]]:
    """Values as a paper has them, by trainee."""
    found: dict[str, list[list[Value]]] = {}
    for (trainee, *place), value in sorted(values.items()):
        if value is not None:
            found.setdefault(trainee, []).append([*place, value])
    return found


def values(rows: Mapping[str, Iterable[Sequence[Any]]]) -> dict[Place, Value]:
    """A paper's rows, by trainee, as values to be merged."""
    return {
        (trainee, notebook, cell, field): value
        for trainee, places in rows.items()
        for notebook, cell, field, value in places
    }
