"""Notebooks and records as no well-meaning program writes them."""

from __future__ import annotations

import json

from hypothesis import strategies as st

GRADE_IDS = st.sampled_from(["check", "check-r1", "check-text", "roots-check", "roots-check-r1"])
LEAF = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
LOOSE = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
CELL = LOOSE | st.fixed_dictionaries(
    {},
    optional={
        "id": LOOSE,
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | LOOSE,
        "source": LOOSE,
        "outputs": LOOSE,
        "metadata": LOOSE
        | st.fixed_dictionaries(
            {},
            optional={
                "nbgrader": LOOSE
                | st.fixed_dictionaries(
                    {},
                    optional={
                        "grade_id": LOOSE | GRADE_IDS,
                        "grade": LOOSE,
                        "schema_version": LOOSE,
                        "points": LOOSE,
                    },
                ),
            },
        ),
    },
)
NOTEBOOK = LOOSE | st.fixed_dictionaries(
    {},
    optional={
        "cells": LOOSE | st.lists(CELL, max_size=5),
        "metadata": LOOSE,
        "nbformat": LOOSE,
    },
)

# The bytes of such files.
NOTEBOOKS = st.binary(max_size=200) | st.builds(lambda told: json.dumps(told).encode(), NOTEBOOK)

EVENT = LOOSE | st.fixed_dictionaries(
    {
        "v": st.just(1) | LEAF,
        "id": st.text(min_size=1, max_size=30) | LOOSE,
        "at": st.just("2026-11-24T09:00:00.000Z") | LOOSE,
        "kind": st.sampled_from(["response", "reflection", "hint", "retry"]) | LOOSE,
        "item": st.sampled_from([f"roots-check-{n}" for n in (*range(1, 11), "r1")]) | LOOSE,
    },
    optional={"response": LOOSE, "text": LOOSE, "score": LOOSE, "confidence": LOOSE},
)
LINE = st.binary(max_size=90) | st.builds(
    lambda told, cut: json.dumps(told).encode()[: cut or None], EVENT, st.integers(-9, 0)
)
RECORDS = st.binary(max_size=300) | st.lists(LINE, max_size=5).map(b"\n".join)
