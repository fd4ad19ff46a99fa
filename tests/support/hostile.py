"""Notebook files as no well-meaning program writes them."""

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
