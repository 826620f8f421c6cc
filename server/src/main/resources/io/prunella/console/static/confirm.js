// Approving asks once more. Without scripts the server shows the same question as a page.
export function startConfirm() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-decide]")) return;
    const note = form.querySelector("textarea");
    if (event.submitter?.value === "reject") {
      if (note.value.trim() !== "") return;
      event.preventDefault();
      note.setCustomValidity("Rejecting needs a reason: it is what Prunella learns from.");
      note.reportValidity();
      note.addEventListener("input", () => note.setCustomValidity(""), { once: true });
      return;
    }
    if (event.submitter?.value !== "approve") return;
    event.preventDefault();
    ask(form);
  });
}

function button(text, kind) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button " + kind;
  made.textContent = text;
  return made;
}

function hidden(name, value) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  return field;
}

function ask(form) {
  const dialog = document.createElement("dialog");
  const title = document.createElement("h2");
  const text = document.createElement("p");
  const choices = document.createElement("div");
  const no = button("Not yet", "");
  const yes = button("Yes, run it", "primary");
  dialog.setAttribute("aria-labelledby", "confirm-title");
  title.id = "confirm-title";
  title.textContent = form.dataset.question;
  text.textContent = form.dataset.consequence;
  choices.className = "choices even";
  choices.append(no, yes);
  dialog.append(title, text, choices);
  document.body.append(dialog);
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    yes.disabled = true;
    form.append(hidden("decision", "approve"), hidden("confirmed", "yes"));
    form.submit();
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  no.focus();
}
