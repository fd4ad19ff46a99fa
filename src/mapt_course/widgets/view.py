"""What the page holds of an activity: items and records in, plain JSON values out.

Nothing here holds a key, a feedback or a later moment of a scene before the trainee has earned
the sight of it by answering.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from .. import items as it
from .. import record as rec
from .. import results
from ..bank import Form, Reflection
from ..bank.forms import to_plain
from ..review import ACTIVITY


def item_view(
    item: it.Item,
    events: Iterable[rec.Event],
    graded: bool = False,
    beside: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One item as the page shows it now.

    ``events``: the record's events of this item, in order. ``graded``: no mark, no feedback.
    ``beside``: for a picture, the values given to other ratings, by item id, in the order of
    their statements.
    Keys: id, type, stem, the item's own lists, ``has_hint``, ``attempt`` (0 = first),
    ``response`` (or None), ``confidence``, and once answered ``mark``.
    """
    events = list(events)
    attempt, response, confidence, hint, reveal = 0, None, "", False, False
    for event in events:
        if event.kind == "retry":
            attempt, response, confidence, reveal = attempt + 1, None, "", False
            hint = hint and event.activity != ACTIVITY  # weeks later it has to be asked for again
        elif event.kind == "response":
            with suppress(it.ResponseError):  # an answer to an older wording of the item
                response, confidence = it.check_response(item, event.response), event.confidence
        hint = hint or event.kind == "hint"
        reveal = reveal or event.kind == "reveal"
    bare = it.strip(item)
    shown = {
        "id": item.id,
        "type": item.type,
        "stem": item.stem,
        "points": item.points,
        "has_hint": bool(item.hint) and not graded,
        "hint": item.hint if hint else "",
        "attempt": attempt,
        "response": response,
        "confidence": confidence,
    }
    if isinstance(item, it.Scenario):
        return shown | _scene(item, response or [])
    shown |= _lists(bare, attempt)
    if isinstance(item, it.Rating):
        if response is not None and it.complete(item, response):
            shown["general_feedback"] = item.general_feedback
            if item.picture:
                shown["picture"] = _picture(item, response, beside or {})
    elif response is not None and not graded:
        shown["mark"] = _mark(item, response, confidence, reveal)
    return shown


def _picture(item: it.Rating, response: Mapping[str, int], beside: Mapping[str, Any]) -> dict:
    """The answers as data of a picture: for each statement its values, this rating's own last."""
    series = [(other.text, beside[other.id]) for other in item.beside if beside.get(other.id)]
    series.append(("Now", [response.get(each.id) for each in item.statements]))
    return {
        "title": item.picture,
        "series": [label for label, _ in series],
        "rows": [
            {"text": each.text, "values": [values[n] for _, values in series]}
            for n, each in enumerate(item.statements)
        ],
    }


def _lists(bare: it.Item, attempt: int) -> dict[str, Any]:
    """The stripped item's lists, shuffled anew for each attempt, the same on every page."""
    lists = {}
    for name in bare.lists:
        entries = [{"id": entry.id, "text": entry.text} for entry in getattr(bare, name)]
        if name not in ("gaps", "statements", "categories"):
            random.Random(f"{bare.id} {name} {attempt}").shuffle(entries)
        lists[name] = entries
    if isinstance(bare, it.Gap):
        lists |= {"text": bare.text, "any_order": bare.any_order}
    if isinstance(bare, it.Rating):
        lists["scale"] = list(bare.scale)
    return lists


def _mark(item: it.Item, response: Any, confidence: str, reveal: bool) -> dict[str, Any]:
    mark = it.mark(item, response)
    told = {
        "score": round(mark.score, 2),
        "points": mark.points,
        "right": mark.right,
        "parts": [vars(part) for part in mark.parts],
        "general_feedback": item.general_feedback,
    }
    if confidence == "sure" and not mark.right:
        told["misconception"] = item.misconception
    if reveal or mark.right:
        told["key"] = _key(item)
    return told


def _key(item: it.Item) -> dict[str, Any]:
    """The right response in words, and every feedback: for a trainee who is right or asks."""
    texts = {e.id: e.text for name in item.lists for e in getattr(item, name)}
    said = {e.id: e.feedback for name in item.lists for e in getattr(item, name) if e.feedback}
    right = it.key_response(item)
    if isinstance(item, it.Gap):
        lines = [{"id": gap.id, "text": right[gap.id]} for gap in item.gaps]
    elif isinstance(right, dict):
        lines = [{"id": a, "text": f"{texts[a]} → {texts[b]}"} for a, b in right.items()]
    else:
        ids = [right] if isinstance(right, str) else right
        lines = [{"id": each, "text": texts[each]} for each in ids]
    return {"lines": lines, "ordered": isinstance(item, it.Ordering), "feedback": said}


def _scene(item: it.Scenario, way: list[str]) -> dict[str, Any]:
    """The moments passed, each with what was chosen and what came of it; then the present one."""
    steps = item.walk(way)
    passed = [
        {"text": node.text, "ask": node.ask, "chosen": choice.text, "feedback": choice.feedback}
        for node, choice in steps
    ]
    here = item.node(steps[-1][1].to if steps else item.start)
    choices = [{"id": choice.id, "text": choice.text} for choice in here.choices]
    random.Random(f"{item.id} {here.id}").shuffle(choices)
    scene = {
        "passed": passed,
        "now": {"text": here.text, "ask": here.ask, "choices": choices},
    }
    if not here.choices and item.key is not None:
        mark = it.mark(item, way)
        scene["mark"] = {
            "share": mark.score / mark.points,
            "right": mark.right,
            "general_feedback": item.general_feedback,
        }
    return scene


def result_view(rows: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What a trainee knew and knows, and beside it how they rated themselves."""
    told = [{"label": label, "value": value} for label, value in rows]
    return {"title": results.TITLE, "rows": told, "caution": results.CAUTION}


def reflection_view(
    reflection: Reflection,
    events: Iterable[rec.Event],
    reminder: str,
    earlier: tuple[str, Iterable[rec.Event]] = ("", ()),
) -> dict[str, Any]:
    """A reflection as the page shows it now; ``saved`` is the time of the last text, or ''.

    ``earlier``: the title and the events of the one that is shown again with it.
    """
    texts = [event for event in events if event.kind == "reflection"]
    before = [event for event in earlier[1] if event.kind == "reflection" and event.text.strip()]
    return {
        "id": reflection.id,
        "title": reflection.title,
        "prompt": reflection.prompt,
        "reminder": reflection.reminder or reminder,
        "min_words": reflection.min_words,
        "max_words": reflection.max_words,
        "text": texts[-1].text if texts else "",
        "saved": texts[-1].at if texts else "",
        "earlier": {
            "title": earlier[0],
            "text": before[-1].text if before else "",
            "at": before[-1].at if before else "",
        },
    }


def form_view(form: Form, events: Iterable[rec.Event], reminder: str) -> dict[str, Any]:
    """A form as the page shows it now. ``cells``: the entries, by the cell's id.

    ``saved`` is the time of the last entry, or ''.
    """
    events = [event for event in events if event.kind == "form"]
    return {
        "id": form.id,
        "title": form.title,
        "prompt": form.prompt,
        "reminder": form.reminder or reminder,
        "parts": to_plain(form)["parts"],
        "picture": {"kind": form.picture, "of": form.picture_of, "title": form.picture_title},
        "cells": form.entries(rec.entries(events).get(form.id, {})),
        "saved": events[-1].at if events else "",
    }
