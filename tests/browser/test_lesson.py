"""A trainee works through lessons in real pages: mouse, keyboard, reload, lost helper."""

from __future__ import annotations

import os
import subprocess

import pytest
from playwright.sync_api import TimeoutError, expect

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
    return next(entry.text for entry in entries if entry.id == entry_id)


def verdict(place) -> str:
    found = place.locator(".mapt-verdict")
    found.wait_for(timeout=15_000)
    return found.inner_text()


# --- answering, by mouse -------------------------------------------------------------------


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
            place.get_by_role("group", name=label(item.statements, statement)).get_by_label(
                item.scale[value - 1]
            ).check()
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


def test_all_types_are_met():
    """The lessons of these tests hold all eight item types."""
    types = {item_of(name).type for names in LESSONS.values() for name in names}

    assert set(it.TYPES) == types


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_type_is_answered_by_mouse_and_is_there_after_a_reload(course, page, lesson):
    """The key earns “Right”; the record has it; the page shows it again."""
    items = [item_of(name) for name in LESSONS[lesson]]
    course.open(page, lesson)
    for item in items:
        click_answer(block(page, item), item, it.key_response(item))
        check(block(page, item), item)
    events = {event.item: event for event in course.events("1-roots")}
    course.open(page, lesson)

    assert [item.points for item in items] == [
        it.mark(item, events[item.id].response).score for item in items
    ]
    assert {"think", ""} >= {event.confidence for event in events.values()}
    for item in items:
        if item.type == "rating":
            assert len(item.statements) == block(page, item).locator("input:checked").count()
        else:
            assert "✓" in verdict(block(page, item))


# --- answering, by keyboard ----------------------------------------------------------------


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


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_type_is_answered_by_keyboard_alone(course, page, lesson):
    """Fields, arrows, Space and Enter reach the key, and Tab reaches the way to check it."""
    items = [item_of(name) for name in LESSONS[lesson]]
    course.open(page, lesson)
    for item in items:
        key_answer(page, item, it.key_response(item))
        if item.type not in ("rating", "scenario"):
            tab_to(page, f'[data-test="{item.id}"] [data-k="sure"]')
            page.keyboard.press("Enter")
            assert "✓" in verdict(block(page, item))
        elif item.type == "rating":
            block(page, item).locator(".mapt-general").wait_for()
    events = {event.item: event for event in course.events("1-roots")}

    assert [item.points for item in items] == [
        it.mark(item, events[item.id].response).score for item in items
    ]


# --- feedback, hint, trying again ----------------------------------------------------------


def wrong(item: it.Item) -> str:
    return next(option.id for option in item.options if option.id != item.key)


def test_a_wrong_answer_gets_its_own_feedback_and_another_try(course, page):
    """Feedback of the option chosen and no other; the key only on request; then shuffled anew."""
    item = item_of("roots-007")
    course.open(page, TIME_LINE)
    place = block(page, item)
    place.get_by_role("button", name="Hint").click()
    expect(place).to_contain_text(item.hint)
    before = place.locator(".mapt-option").all_inner_texts()
    click_answer(place, item, wrong(item))
    place.get_by_role("button", name="Sure", exact=True).click()
    said = verdict(place)
    shown = place.inner_text()
    feedback = {option.id: option.feedback for option in item.options}
    place.get_by_role("button", name="Try again").click()
    expect(place.locator(".mapt-option")).to_have_count(len(item.options))
    after = place.locator(".mapt-option").all_inner_texts()

    assert "Not yet" in said
    assert item.misconception in said
    assert [wrong(item)] == [name for name, text in feedback.items() if text in shown]
    assert sorted(before) == sorted(after) and before != after


def test_the_answer_is_shown_on_request_and_not_before(course, page):
    """The page holds no key, no feedback and no hint before they are earned or asked for."""
    item = item_of("roots-006")
    course.open(page, TIME_LINE)
    place = block(page, item)
    held = page.evaluate("() => document.documentElement.outerHTML")
    click_answer(place, item, wrong(item))
    place.get_by_role("button", name="A guess").click()
    verdict(place)
    place.get_by_role("button", name="Show the answer").click()
    place.locator(".mapt-key").wait_for()
    right = label(item.options, item.key)

    assert right in place.locator(".mapt-key").inner_text()
    assert not [option.text for option in item.options if option.feedback in held]
    assert item.hint not in held


def test_nothing_of_the_key_is_sent_before_an_answer(course, page):
    """What goes over the wire on opening holds no feedback, hint or later moment of a scene."""
    frames: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived",
            lambda frame: frames.append(
                frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
            ),
        ),
    )
    course.open(page, TIME_LINE)
    wire = "".join(frames)
    bank = whole.module_bank("roots")
    lesson = whole.lessons("roots")[0]
    names = [
        n for a in lesson.activities for n in (bank.quizzes[a].items if a in bank.quizzes else [a])
    ]
    secret = []
    for item in (bank.items[name] for name in names):
        secret += [e.feedback for listed in item.lists for e in getattr(item, listed)]
        secret += [item.hint, item.general_feedback, item.misconception]
        if item.type == "scenario":
            secret += [c.feedback for node in item.nodes for c in node.choices]
            secret += [node.text for node in item.nodes if node.id != item.start]

    assert bank.items["roots-007"].options[0].text in wire
    assert [] == [text for text in secret if len(text) > 20 and text[:60] in wire]


# --- what is kept --------------------------------------------------------------------------


def test_a_reflection_saves_itself_and_counts_words(course, page):
    """Typed text reaches the record without a button and is there after a reload."""
    course.open(page, MAISIE)
    box = page.locator(".mapt-reflection textarea")
    box.press_sequentially(REFLECTION)
    expect(page.locator("div.mapt-reflection")).to_contain_text("Saved ", timeout=15_000)
    course.open(page, MAISIE)

    assert REFLECTION == box.input_value()
    assert f"{len(REFLECTION.split())} words" in page.locator("div.mapt-reflection").inner_text()
    assert REFLECTION == course.events("1-roots")[-1].text


def test_a_restarted_helper_brings_everything_back(course, page):
    """After a restart the same answers stand there without a click."""
    item = item_of("roots-007")
    course.open(page, TIME_LINE)
    place = block(page, item)
    click_answer(place, item, item.key)
    place.get_by_role("button", name="Sure", exact=True).click()
    verdict(place)
    page.evaluate(
        "() => document.querySelectorAll('section.mapt').forEach((e) => { e.dataset.old = 1 })"
    )
    course.call(f"kernels/{course.kernel_of(TIME_LINE)}/restart", "POST")
    expect(page.locator("section[data-old]")).to_have_count(0, timeout=45_000)

    assert "Right" in verdict(block(page, item))


def test_what_is_typed_while_the_helper_is_dead_is_delivered(course, page):
    """A killed helper: the page says so in plain words, starts it again and loses nothing."""
    course.open(page, MAISIE)
    # The note comes and goes faster than a test can look.
    page.evaluate("""() => {
      globalThis.said = "";
      const note = document.querySelector(".mapt-note");
      new MutationObserver(() => { globalThis.said += note.innerText; })
        .observe(note, { childList: true, subtree: true });
    }""")
    kernel = course.kernel_of(MAISIE)
    [process] = subprocess.run(
        ["pgrep", "-f", f"ipykernel_launcher.*{kernel}"], capture_output=True, text=True, check=True
    ).stdout.split()
    os.kill(int(process), 9)
    page.locator(".mapt-reflection textarea").fill(REFLECTION)
    page.locator(".mapt-reflection textarea").blur()
    course.until(
        lambda: [e for e in course.events("1-roots") if e.text == REFLECTION], "the text delivered"
    )

    page.locator(".mapt-note:visible").wait_for(state="hidden", timeout=45_000)
    said = page.evaluate("() => globalThis.said")

    assert "The course's helper stopped and is starting again." in said
    assert "kernel" not in said.lower()
    assert REFLECTION == page.locator(".mapt-reflection textarea").input_value()


def test_a_second_page_sees_what_the_first_one_saved(course, page):
    """Two pages of one lesson: one model, one record, no quarrel."""
    item = item_of("roots-007")
    course.open(page, TIME_LINE)
    other = page.context.new_page()
    course.open(other, TIME_LINE)
    click_answer(block(page, item), item, item.key)
    block(page, item).get_by_role("button", name="Sure", exact=True).click()
    verdict(block(page, item))

    assert "Right" in verdict(block(other, item))
    assert 1 == len(course.events("1-roots"))


# --- how it opens --------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["doc/tree", "notebooks"])
def test_a_lesson_shows_no_code_and_none_of_the_workshop(course, page, view):
    """No code, no prompts, no empty bars, in JupyterLab and in Notebook."""
    course.open(page, TIME_LINE, view)
    text = page.locator("body").inner_text()

    assert "A time line with three turning points" in text
    assert not [
        word
        for word in ("mapt_course", "import ", "In [", "[1]", "Kernel", "Python")
        if word in text
    ]
    assert 0 == page.locator(".jp-InputArea-editor:visible, .cm-editor:visible").count()
    assert 0 == page.locator(".jp-InputPrompt:visible, .jp-OutputPrompt:visible").count()
    assert 0 == page.locator(".jp-InputPlaceholder:visible, .jp-cell-toolbar:visible").count()
    assert 0 == page.get_by_text("Start this lesson").locator("visible=true").count()


def test_a_double_click_or_enter_shows_no_source(course, page):
    """A lesson's text stays a page, whatever a trainee presses."""
    course.open(page, TIME_LINE)
    page.get_by_role("heading", name="From good will to law").dblclick()
    for key in ("Enter", "d", "d", "b", "m", "y", "Delete"):
        page.keyboard.press(key)

    assert 0 == page.locator(".cm-editor:visible").count()
    assert page.get_by_role("heading", name="From good will to law").is_visible()


def test_a_cell_of_somebody_else_does_not_run_by_itself(course, page):
    """Only the course's own calls run on opening."""
    import json

    path = course.folder / TIME_LINE
    whole_file = path.read_text(encoding="utf-8")
    notebook = json.loads(whole_file)
    for source in (
        'open("ran.txt", "w").write("x")',
        'from mapt_course import quiz; quiz("roots-guess"); open("ran.txt", "w")',
    ):
        notebook["cells"].append(
            {
                "cell_type": "code",
                "id": f"x{len(source)}",
                "metadata": {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
        )
    path.write_text(json.dumps(notebook), encoding="utf-8")
    try:
        course.open(page, TIME_LINE)
        page.wait_for_timeout(1500)

        assert not (path.parent / "ran.txt").exists()
    finally:
        path.write_text(whole_file, encoding="utf-8")


def test_start_here_shows_progress_and_leads_on(course, page):
    """The map counts what is in the records, says what is next, and its link opens it."""
    course.open(page, "0-start-here/start-here.ipynb", "doc/tree")
    home = page.locator(".mapt-home:visible").first
    first = home.inner_text()
    lesson = whole.lessons("start")[0]
    bank = whole.module_bank("start")
    from mapt_course.record import Record

    for activity in lesson.activities:
        for name in bank.quizzes[activity].items:
            Record(course.folder / "0-start-here").append(
                "response", name, response=it.key_response(bank.items[name])
            )
    page.reload()
    page.locator(".mapt-go:visible").filter(has_text="A time line").wait_for(timeout=45_000)
    second = page.locator(".mapt-next:visible").inner_text()
    page.locator(".mapt-go:visible").click()
    page.locator(".mapt-quiz:visible").first.wait_for(timeout=45_000)

    assert "Begin here" in first and lesson.title in first and "minutes left" in first
    assert f"{len(lesson.activities)} of " in second and "Next for you" in second


def test_the_page_reads_as_text_where_nothing_runs(course, page):
    """Without the course's extension: the questions stand there, and a button starts the lesson."""
    page.route("**/mapt-course/static/remoteEntry.js*", lambda route: route.abort())
    page.goto(course.address(TIME_LINE, "doc/tree"))
    button = page.get_by_role("button", name="Start this lesson")
    button.wait_for(timeout=45_000)
    expect(page.locator(".mapt-static").first).to_be_visible()
    assert "Which Act first made it a legal requirement" in page.locator("body").inner_text()
    for _ in range(4):  # JupyterLab ignores a press that comes before it is ready
        button.click()
        try:
            page.locator("section.mapt:visible").first.wait_for(timeout=8_000)
            break
        except TimeoutError:
            continue

    assert page.locator("section.mapt .mapt-item").count() > 3
