// Keys, as ? lists them. Single keys can be switched off (WCAG 2.1.4); none of them decides anything by itself.
const PLACES = { n: "/", i: "/incidents", a: "/approvals", e: "/explore", m: "/explore", r: "/runbooks", g: "/guardrails", u: "/audit", s: "/status" };
const OFF = "prunella.keys.off";
let went = 0;

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable], dialog[open]") !== null;
}

function move(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.classList.contains("here-now"));
  const to = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  for (const row of rows) row.classList.toggle("here-now", row === to);
  const link = to.matches("a") ? to : to.querySelector("a, summary");
  link?.focus();
  to.scrollIntoView({ block: "nearest" });
}

function stop() {
  const menu = document.querySelector(".stop-menu");
  if (!menu) return false;
  menu.open = true;
  menu.querySelector("textarea").focus();
  return true;
}

function table() {
  const details = document.querySelector(".as-table");
  if (!details) return false;
  details.open = !details.open;
  details.querySelector("summary").focus();
  return true;
}

function press(event) {
  const form = document.querySelector("[data-decide]");
  const chain = Date.now() - went < 1200;
  went = 0;
  if (chain && PLACES[event.key]) {
    location.assign(PLACES[event.key]);
    return true;
  }
  switch (event.key) {
    case "g":
      went = Date.now();
      return true;
    case "j":
      move(1);
      return true;
    case "k":
      move(-1);
      return true;
    case "/": {
      const search = document.querySelector("[data-search]");
      search?.focus();
      return Boolean(search);
    }
    case "?":
      document.querySelector("#help")?.showModal();
      return true;
    case "a":
      form?.querySelector("button[value=approve]:not(:disabled)")?.click();
      return Boolean(form);
    case "r": {
      const note = form?.querySelector("textarea");
      note?.focus();
      return Boolean(note);
    }
    case "t":
      return table();
    case "K":
      return stop();
    default:
      return false;
  }
}

export function startKeys() {
  const box = document.querySelector("[data-keys-off]");
  if (box) {
    box.checked = localStorage.getItem(OFF) === "yes";
    box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "yes" : "no"));
  }
  document.querySelector("[data-help]")?.addEventListener("click", () => document.querySelector("#help").showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (localStorage.getItem(OFF) === "yes" && event.key !== "?") return;
    if (press(event)) event.preventDefault();
  });
}
