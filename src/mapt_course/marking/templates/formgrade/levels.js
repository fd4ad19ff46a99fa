// One click on a level's points gives them, one on a comment adds it. Both go by nbgrader's own
// boxes, so that they are saved as if they had been typed.
(() => {
  const ready = () => window.formgrader?.grades?.loaded && formgrader.comments.loaded;

  function connect(rubric) {
    const cell = rubric.dataset.cell;
    const score = document.getElementById(cell);
    const box = document.getElementById(`${cell}-comment`);
    const status = rubric.querySelector(".mapt-said");
    const grade = formgrader.grades.findWhere({ name: cell });
    const comment = formgrader.comments.findWhere({ name: cell });
    if (!grade || !comment) return; // nbgrader saves nothing for this cell

    const say = (text, failed = false) => {
      status.textContent = text;
      status.classList.toggle("mapt-failed", failed);
    };
    const enter = (field, value) => {
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const mark = () => {
      const given = grade.get("manual_score");
      for (const button of rubric.querySelectorAll(".mapt-points")) {
        const pressed = given !== null && given !== undefined && Number(given) === Number(button.dataset.points);
        button.setAttribute("aria-pressed", pressed);
      }
    };
    const press = (button) => {
      if (button.matches(".mapt-points")) {
        enter(score, button.dataset.points);
        return;
      }
      const text = button.textContent.trim(), before = box.value.trimEnd();
      if (before.includes(text)) {
        say("This comment is there already.");
        return;
      }
      enter(box, before ? `${before}\n\n${text}` : text);
      autosize.update(box);
    };

    // nbgrader puts what the server answers into its boxes. A click while something is being saved,
    // such as what was typed before it, waits for that: or it would add to an older text.
    let saving = 0;
    const waiting = [];
    const next = () => {
      while (!saving && waiting.length) press(waiting.shift());
    };
    const done = (text, failed) => {
      saving -= 1;
      say(text, failed);
      next();
    };
    grade.on("change", mark);
    for (const model of [grade, comment]) {
      model.on("request", () => {
        saving += 1;
        say("Saving …");
      });
      model.on("sync", () => done("Saved."));
      model.on("error", () => done("Not saved. Look whether the server still runs, and press again.", true));
    }

    rubric.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      waiting.push(button);
      next();
    });
    for (const button of rubric.querySelectorAll("button")) button.disabled = false;
    mark();
  }

  // nbgrader moves from box to box at Tab, and back to the last box at Enter. Buttons have to be
  // reached and pressed by keys as well: both keys are the browser's own where they must be.
  document.addEventListener("keydown", (event) => {
    const pressed = event.key === "Enter" && event.target.closest?.("button, summary");
    if (event.key === "Tab" || pressed) event.stopPropagation();
  }, true);

  $(document).on("ajaxStop.rubric", () => {
    if (!ready()) return;
    $(document).off("ajaxStop.rubric");
    document.querySelectorAll(".mapt-rubric").forEach(connect);
  });
})();
