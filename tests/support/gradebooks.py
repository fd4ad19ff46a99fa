"""Everything that a marked course folder holds, so that two can be compared."""

from __future__ import annotations

import sqlite3
from pathlib import Path

# Tables whose rows get a new id in each gradebook, and the columns that tell which row it is.
MADE = {
    "submitted_assignment": ("assignment_id", "student_id"),
    "submitted_notebook": ("assignment_id", "notebook_id"),
    "grade": ("notebook_id", "cell_id"),
    "comment": ("notebook_id", "cell_id"),
}


def dump(gradebook: Path) -> dict[str, list[dict]]:
    """All rows of all tables; a made id gives way to what the row is about."""
    with sqlite3.connect(f"file:{gradebook}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        named = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        tables = {
            row["name"]: [dict(each) for each in connection.execute(f"SELECT * FROM {row['name']}")]
            for row in connection.execute(named).fetchall()
        }
    connection.close()
    meaning: dict[str, str] = {}
    for table, columns in MADE.items():
        for row in tables[table]:
            meaning[row["id"]] = "/".join(meaning.get(row[name], row[name]) for name in columns)
    for rows in tables.values():
        for row in rows:
            row.update({name: meaning.get(value, value) for name, value in row.items()})
        rows.sort(key=repr)
    return tables


def files(autograded: Path) -> dict[str, tuple[int, bytes]]:
    """Every file in ``autograded/``, and its permissions; of a secret, being random, the length."""
    found = {}
    for each in sorted(autograded.rglob("*")):
        inside = each.relative_to(autograded)
        if each.is_file() and not inside.parts[0].startswith(".marking"):
            content = each.read_bytes()
            if each.name == "submission_secret.txt":
                content = str(len(content)).encode()
            found[str(inside)] = (each.stat().st_mode & 0o777, content)
    return found
