"""What the pictures of modules 2 to 8 say is what the facts say: complete, and counted right."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from mapt_course.figures import PICTURES, draw

COURSE = Path(__file__).resolve().parents[2] / "course"


def load(name):
    path = next(COURSE.glob(f"*/figures/{name}.toml"))
    return tomllib.loads(path.read_text(encoding="utf-8"))


def size(group):
    """Return how many facts the source has in a group."""
    groups = tomllib.loads((COURSE / "facts" / "groups.toml").read_text(encoding="utf-8"))
    return next(each["count"] for each in groups["group"] if each["id"] == group)


def facts(data):
    """Return every fact id that stands in the data, as often as it stands there."""
    if isinstance(data, dict):
        own = data["fact"].split() if isinstance(data.get("fact"), str) else []
        return own + [fact for value in data.values() for fact in facts(value)]
    return [fact for value in data for fact in facts(value)] if isinstance(data, list) else []


def drawn(name):
    return [text.get_text() for text in PICTURES[name](load(name)).texts]


def test_every_service_stands_in_one_quarter():
    """The wheel has the 17 services, each once; the other four facts of the group define it."""
    assert {f"CC-S{n:02}" for n in range(1, size("CC") - 4 + 1)} == set(
        facts(load("p3-service-wheel"))
    )
    assert 17 == len(facts(load("p3-service-wheel")))


def test_the_quarters_show_how_many_services_they_have():
    shown = [int(text) for text in drawn("p3-service-wheel") if text.isdigit()]

    assert [len(q["services"]) for q in load("p3-service-wheel")["quarter"]] == shown
    assert 17 == sum(shown)


def test_the_hub_says_what_the_then_and_now_table_says():
    """Numbers and dates of the closures, the areas and the plan are those of row TN-20."""
    rows = tomllib.loads((COURSE / "facts" / "then_and_now.toml").read_text(encoding="utf-8"))
    row = next(row for row in rows["row"] if row["id"] == "TN-20")
    words = " ".join(drawn("p4-hub-then-now")).replace("\n", " ")

    for said in ("585 closures", "April 2010", "March 2019", "75 areas", "early 2024"):
        assert said in row["now"]
        assert said in words
    assert "every council area from April 2026" in row["now"]
    assert "every council area from April 2026" in words
    assert f"{row['checked']:%-d %B %Y}" in words


def test_each_degree_but_the_first_says_what_is_new():
    degrees = load("p5-five-degrees")["degree"]

    assert [f"DEG-0{n}" for n in range(1, size("DEG"))] == facts(degrees)
    assert [False, True, True, True, True] == ["new" in degree for degree in degrees]


def test_the_clashing_words_stand_where_each_model_has_them():
    """Degrees 2 to 4, rungs 4 and 5; at OpenLearn, co-ordination comes first."""
    ladder, degrees, openlearn = load("p6-word-clash")["model"]
    words = [word["id"] for word in load("p6-word-clash")["word"]]

    def levels(model):
        steps = [step["text"].lower() for step in model["step"]]
        return [[n for n, step in enumerate(steps, 1) if word in step] for word in words]

    assert [[2], [3], [4]] == levels(degrees)
    assert [[4], [4], [5]] == levels(ladder)
    assert [[3], [2], [4]] == levels(openlearn)


def test_both_ladders_are_whole_and_in_order():
    """Five rungs each, from the bottom up; Wilcox's last three are highlighted."""
    wilcox, gaster = load("p7-two-ladders")["ladder"]

    assert [f"LAD-W-{n}" for n in range(1, size("LAD-W") + 1)] == facts(wilcox)
    assert [f"LAD-G-{n}" for n in range(1, size("LAD-G") + 1)] == facts(gaster)
    assert (3, None) == (wilcox["most_from"], gaster.get("most_from"))


def test_the_models_are_compared_on_every_feature():
    """Each row has a cell for each model, with words in it; all twenty features are used."""
    rows = load("p9-three-models")["row"]
    models = {"PANEL": 7, "TEAM": 6, "INT": 7}

    assert size("MODEL") - 2 == sum(models.values())  # two facts are about all of them
    assert {f"MODEL-{m}-{n + 1}" for m, last in models.items() for n in range(last)} == set(
        facts(rows)
    )
    for row in rows:
        assert list(models) == [cell["fact"].split("-")[1] for cell in row["cells"]]
        assert all(cell["text"].strip() for cell in row["cells"])


def test_every_duty_has_one_theme():
    """42 duties, each once, as many for each partner as the source has."""
    data = load("p14-role-overlap")
    of = Counter(fact.rpartition("-")[0] for fact in facts(data["duty"]))

    assert [8, 14, 11, 9] == [of[partner["id"]] for partner in data["partner"]]
    assert {partner["id"]: size(partner["id"]) for partner in data["partner"]} == of
    assert 42 == len(set(facts(data["duty"])))


def test_the_grid_shows_the_counts_that_the_long_description_tells():
    """Every row of the grid is told, and its foot shows each partner's total."""
    data = load("p14-role-overlap")
    told = " ".join(data["long_description"].split()).lower()

    for theme in data["theme"]:
        mine = [duty["fact"] for duty in data["duty"] if duty["theme"] == theme["id"]]
        row = [
            f"{partner['name']} {sum(fact.startswith(partner['id']) for fact in mine)}"
            for partner in data["partner"]
        ]
        assert f"{theme['name']}, {len(mine)} duties: {', '.join(row)}.".lower() in told
    assert ["8", "14", "11", "9"] == [t for t in drawn("p14-role-overlap") if t.isdigit()][-4:]


def test_a_duty_of_nobody_or_without_theme_is_named():
    """A slip in an id does not lose the duty silently."""
    data = load("p14-role-overlap")
    data["duty"][0] = {"fact": "ROLE-TEACHER-1", "theme": "safety"}
    with pytest.raises(ValueError, match=r"ROLE-TEACHER-1: no partner's id begins so"):
        draw("p14-role-overlap", data)

    data["duty"][0] = {"fact": "ROLE-POLICE-1", "theme": "safe"}
    with pytest.raises(ValueError, match=r"no theme 'safe'. Choose one of: lessons, "):
        draw("p14-role-overlap", data)


@pytest.mark.parametrize(
    ("name", "key", "said"),
    [
        ("p3-service-wheel", "quarter", "has 3 quarters. Make it 4"),
        ("p5-five-degrees", "degree", "has 4 degrees. Make it 5"),
    ],
)
def test_a_part_too_few_is_refused(name, key, said):
    data = load(name)
    data[key].pop()

    with pytest.raises(ValueError, match=said):
        draw(name, data)


def test_a_rung_or_a_cell_too_few_is_refused():
    data = load("p7-two-ladders")
    data["ladder"][0]["rung"].pop()
    with pytest.raises(ValueError, match=r"ladder 'Wilcox' has 4 rungs. Make it 5"):
        draw("p7-two-ladders", data)

    data = load("p9-three-models")
    data["row"][0]["cells"].pop()
    with pytest.raises(ValueError, match=r"row 'Whose are you\?' has 2 cells. Write one for each"):
        draw("p9-three-models", data)
