"""A small course made by code: one lesson, one picture, one box, one graded check."""

from pathlib import Path

LESSON = "course/1-roots/1-1-time-line.md"
BANK = "course/1-roots/items.toml"
PICTURE = "course/1-roots/figures/p1-line.toml"
FACTS = "course/facts/facts.toml"
ROWS = "course/facts/then_and_now.toml"
CHECK = "solutions/roots-check/roots-check.md"
KEY = "solutions/roots-check/items.toml"
RUBRIC = "solutions/roots-check/rubric.toml"

DRAWN = b'<svg xmlns="http://www.w3.org/2000/svg"/>\n'  # in place of a real drawing

FILES = {
    "course/course.toml": """
format = 1
title = "Together"
subtitle = "s"
limits = "l"
danger_exit = "Call 999."
reflection_reminder = "No names."
then_and_now_reminder = "Follow your local partnership & your *employer* first."

[[module]]
id = "roots"
folder = "1-roots"
title = "Roots"
question = "Why?"
minutes = 25

[[module]]
id = "hubs"
folder = "2-hubs"
title = "Hubs"
question = "Where?"
minutes = 60
""",
    FACTS: """
format = 1

[[fact]]
id = "ORIG-01"
module = "roots"
text = "Agencies joined forces around 1850."
source = "Cheminais 2009, p. 1"

[[fact]]
id = "ORIG-02"
module = "roots"
text = "An Act of 1989 made it law."
source = "Cheminais 2009, p. 1"
""",
    "course/facts/groups.toml": """
format = 1

[[group]]
id = "ORIG"
module = "roots"
count = 2

[[group]]
id = "SCH"
module = "hubs"
count = 8
""",
    ROWS: """
format = 1

[[row]]
id = "TN-01"
item = "Children Act 1989"
then = "Made it law."
now = "In force."
when = "1989 to today"
source = "legislation.gov.uk <1989 c. 41>"
confidence = "high"
checked = 2026-11-23
facts = ["ORIG-02"]

[[row]]
id = "TN-02"
item = "A $5 fund"
then = "Paid."
now = "Gone."
when = "2000 to 2008"
source = "a newspaper"
confidence = "medium"
checked = 2026-11-03
facts = []
""",
    BANK: """
format = 1
module = "roots"

[[learning_outcome]]
id = "roots-LO1"
text = "Put the turning points in order"

[[quiz]]
id = "roots-guess"
title = "A guess first"
items = ["roots-001"]

[[item]]
id = "roots-001"
type = "single"
facts = ["ORIG-01"]
learning_outcome = "roots-LO1"
stem = "When did it begin?"
options = [
  { text = "Around 1650", feedback = "That is two centuries early." },
  { text = "Around 1850", correct = true, feedback = "Poverty brought them together." },
  { text = "Around 1950", feedback = "That is a century late." },
]

[[item]]
id = "roots-002"
type = "scenario"
facts = ["ORIG-02"]
learning_outcome = "roots-LO1"
stem = "A call on Friday."
start = "first"
nodes = [
  { id = "first", text = "The phone rings.", ask = "What do you do?", choices = [
    { text = "Answer it", to = "end", worth = 1.0, feedback = "Somebody listens." },
    { text = "Let it ring", to = "end", worth = 0.0, feedback = "Nobody knows." },
  ] },
  { id = "end", text = "The week is over." },
]

[[reflection]]
id = "roots-r1"
title = "A hand-over"
learning_outcome = "roots-LO1"
prompt = "Tell of one."
""",
    PICTURE: '''
title = "What changed first?"
alt = "A line of years from 1850 to 2004 with \\"six\\" marks."
long_description = """
Two marks:

1. 1850: work.
2. 1989: law."""
''',
    LESSON: """
---
mapt:
  lesson: roots-1
  title: "A time line"
  minutes: 25
  outcomes: [roots-LO1]
---

## A guess first

It costs nothing.

```{code-cell}
quiz("roots-guess")
```

Now read on.

## From good will to law

Agencies fought poverty. <!-- ORIG-01 -->
A law came. <!-- ORIG-02 --> It was the first.

```{picture} p1-line
```

```{then-and-now} TN-01 TN-02
```

## Your turn

```{code-cell}
scenario("roots-002")
```

```{code-cell}
reflection("roots-r1")
```

See [the check](../checks/roots-check/roots-check.ipynb) and [the law](https://www.legislation.gov.uk).
""".lstrip(),
    CHECK: """
---
mapt:
  lesson: roots-check
  title: "Roots: module check"
  minutes: 20
  outcomes: [roots-LO1]
  assignment: roots-check
---

## Questions

```{code-cell}
quiz("roots-check")
```

## Your reflection

```{code-cell}
reflection("roots-check-r1")
```

## Handing in

Look through your answers, or [read again](../../1-roots/1-1-time-line.ipynb).
""".lstrip(),
    KEY: """
format = 1
module = "roots-check"

[[learning_outcome]]
id = "roots-LO1"
text = "Put the turning points in order"

[[quiz]]
id = "roots-check"
title = "Roots: module check"
items = ["roots-check-1", "roots-check-2", "roots-check-3", "roots-check-4"]

[[item]]
id = "roots-check-1"
type = "single"
facts = ["ORIG-01"]
learning_outcome = "roots-LO1"
stem = "Which was it?"
points = 1.5
options = [
  { text = "Housing", correct = true, feedback = "Housing it was." },
  { text = "Poverty", feedback = "Poverty is another matter." },
]

[[item]]
id = "roots-check-2"
type = "ordering"
facts = ["ORIG-02"]
learning_outcome = "roots-LO1"
stem = "Put these in order."
steps = [
  { text = "Zeal", feedback = "Zeal." },
  { text = "Act", feedback = "Act." },
  { text = "Move", feedback = "Move." },
]

[[item]]
id = "roots-check-3"
type = "matching"
facts = ["ORIG-02"]
learning_outcome = "roots-LO1"
stem = "Match."
pairs = [
  { left = "Nurse", right = "Health", feedback = "Health it is." },
  { left = "Teacher", right = "School", feedback = "School it is." },
]

[[item]]
id = "roots-check-4"
type = "gap"
facts = ["ORIG-02"]
learning_outcome = "roots-LO1"
stem = "Fill in."
text = "It was {year}."
points = 0.5
gaps = [ { id = "year", label = "year", accept = ["1989"], feedback = "The Act." } ]

[[reflection]]
id = "roots-check-r1"
title = "A hand-over of mine"
learning_outcome = "roots-LO1"
prompt = "Tell of one."
""",
    RUBRIC: """
format = 1
reflection = "roots-check-r1"

[[level]]
points = 1
name = "Retells"
descriptor = "Says what."
comments = ["Why?"]

[[level]]
points = 4
name = "Transforms"
descriptor = "Says what next."
comments = ["Do it."]
""",
}


class SmallCourse:
    """The checkout at ``root``."""

    def __init__(self, root: Path):
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def edit(self, name: str, *changes: str) -> None:
        """Replace texts that stand once: old, new, old, new, ..."""
        text = self.read(name)
        for old, new in zip(changes[::2], changes[1::2], strict=True):
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        self.write(name, text)
