"""Answering the items of a lesson in a real page: by mouse and by keys."""

from __future__ import annotations

from mapt_course import course as whole
from mapt_course import items as it

TIME_LINE = "1-roots/1-1-time-line.ipynb"
FAULTS = "1-roots/1-2-faults-duties-outcomes.ipynb"
MAISIE = "1-roots/1-3-maisie.ipynb"
# Together every item type, and each way of showing one.
LESSONS = {
    TIME_LINE: ["roots-007", "roots-008", "roots-009", "roots-010", "roots-011", "roots-005"],
    FAULTS: ["roots-016", "roots-013", "roots-019"],
    MAISIE: ["roots-met"],
}
REFLECTION = "A hand-over went wrong on a Thursday. I rang back on Friday."


def item_of(name: str) -> it.Item:
    return whole.module_bank("roots").items[name]


def block(page, item: it.Item):
    """The item's place on the page."""
    stem = item.stem.replace("*", "")
    return page.locator(".mapt-item").filter(has_text=stem)


def label(entries, entry_id: str) -> str:
    """An entry's text as it stands on the page."""
    return next(entry.text for entry in entries if entry.id == entry_id).replace("*", "")


def verdict(place) -> str:
    found = place.locator(".mapt-verdict")
    found.wait_for(timeout=15_000)
    return found.inner_text()


def click_answer(place, item: it.Item, response) -> None:
    """Answer with the mouse, whatever the type."""
    if item.type in ("single", "multiple"):
        for option in [response] if isinstance(response, str) else response:
            place.get_by_label(label(item.options, option), exact=True).check()
    elif item.type in ("matching", "categorising"):
        asked, given = (
            (item.lefts, item.rights) if item.type == "matching" else (item.cards, item.categories)
        )
        for left, right in response.items():
            row = place.locator(".mapt-pair, .mapt-statement").filter(
                has=place.page.get_by_text(label(asked, left), exact=True)
            )
            if row.locator("select").count():
                row.locator("select").select_option(value=right)
            else:
                row.get_by_label(label(given, right), exact=True).check()
    elif item.type == "ordering":
        for n, step in enumerate(response):
            text = label(item.steps, step)
            while place.locator(".mapt-order li").nth(n).inner_text().find(text) < 0:
                place.get_by_role("button", name=f"Move up: {text}", exact=True).click()
    elif item.type == "gap":
        for gap, typed in response.items():
            place.locator(f'[data-k="{gap}"]').fill(typed)
    elif item.type == "rating":
        for statement, value in response.items():
            row = place.get_by_role("group", name=label(item.statements, statement), exact=True)
            row.get_by_label(item.scale[value - 1], exact=True).check()
    elif item.type == "scenario":
        for node, choice in item.walk(response):
            place.get_by_role("button", name=label(node.choices, choice.id), exact=True).click()
            place.get_by_text(choice.feedback.replace("*", "")).wait_for()


def check(place, item: it.Item, sure: str = "I think so") -> None:
    """Press the button that checks an answer, where there is one, and wait for what it says."""
    if item.type == "rating":
        place.locator(".mapt-general").wait_for()
        return
    if item.type != "scenario":
        place.get_by_role("button", name=sure, exact=True).click()
    assert "✓" in verdict(place)


def tab_to(page, matches: str, most: int = 400) -> None:
    """Press Tab until the focused element fits a CSS selector."""
    for _ in range(most):
        if page.evaluate("(s) => !!document.activeElement?.matches(s)", matches):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {matches}")


def mark_place(page, item: it.Item) -> str:
    """A selector for what lies in the item."""
    block(page, item).evaluate("(e, name) => { e.dataset.test = name }", item.id)
    return f'[data-test="{item.id}"] '


def key_answer(page, item: it.Item, response) -> None:
    """Answer with keys alone, whatever the type."""
    inside = mark_place(page, item)
    named = '[data-k="{}"]'.format
    if item.type == "single":
        tab_to(page, inside + "input[type=radio]")
        for _ in item.options:
            if page.evaluate(
                "(k) => document.activeElement.dataset.k === k && document.activeElement.checked",
                response,
            ):
                break
            page.keyboard.press("ArrowDown")
    elif item.type == "multiple":
        tab_to(page, inside + "input[type=checkbox]")
        for option in (
            block(page, item).locator("input").evaluate_all("(all) => all.map((e) => e.dataset.k)")
        ):
            tab_to(page, inside + named(option))
            if option in response:
                page.keyboard.press("Space")
    elif item.type in ("matching", "categorising"):
        fields = block(page, item).locator("select, fieldset fieldset")
        for field in fields.all():
            if field.evaluate("(e) => e.tagName") == "SELECT":
                left = field.get_attribute("data-k")
                tab_to(page, inside + named(left))
                options = field.locator("option").evaluate_all("(all) => all.map((o) => o.value)")
                for _ in range(options.index(response[left])):
                    page.keyboard.press("ArrowDown")
            else:
                names = field.locator("input").evaluate_all("(all) => all.map((e) => e.dataset.k)")
                tab_to(page, inside + named(names[0]))
                page.keyboard.press("Space")
                wanted = next(
                    n
                    for n, k in enumerate(names)
                    if response.get(k.split(" ")[0]) == k.split(" ")[1]
                )
                for _ in range(wanted):
                    page.keyboard.press("ArrowDown")
    elif item.type == "ordering":
        for n, step in enumerate(response):
            for _ in range(len(response)):
                rows = page.locator(inside + ".mapt-order li").all_inner_texts()
                if label(item.steps, step) in rows[n]:
                    break
                tab_to(page, inside + named(f"up {step}"))
                page.keyboard.press("Enter")
    elif item.type == "gap":
        for gap, typed in response.items():
            tab_to(page, inside + named(gap))
            page.keyboard.type(typed)
    elif item.type == "rating":
        for statement, value in response.items():
            tab_to(page, inside + f'[data-k^="{statement} "]')
            page.keyboard.press("Space")
            for _ in range(value - 1):
                page.keyboard.press("ArrowRight")
    elif item.type == "scenario":
        for _, choice in item.walk(response):
            tab_to(page, inside + named(choice.id))
            page.keyboard.press("Enter")
            page.get_by_text(choice.feedback.replace("*", "")).wait_for()
