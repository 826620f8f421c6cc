// The live stream says that something happened; the page is then read again and the parts that differ are replaced.
// What a person is typing in is left alone. A hidden tab closes its stream and catches up when it is seen again.
import { setWorldNow, tick } from "./times.js";
import { drawCharts } from "./charts.js";

const SOON_MS = 400;
const ANYWAY_MS = 15000;

// The only way from text to markup: into a document of its own, where nothing runs.
const policy = window.trustedTypes?.createPolicy("prunella", { createHTML: (html) => html });

/** Refuses what our own pages never contain, so that a page which was tampered with on its way is not shown. */
function checked(fresh) {
  for (const element of fresh.body.querySelectorAll("*")) {
    const runs = element.matches("script, iframe, object, embed, base");
    const told = [...element.attributes].some((a) => /^on/i.test(a.name) || /^\s*javascript:/i.test(a.value));
    if (runs || told) throw new TypeError("markup with scripts in it is not shown");
  }
  return fresh;
}

let stream = null;
let timer = 0;
let reading = false;
let again = false;

function say(state, word) {
  const shown = document.querySelector(".stream");
  if (!shown || shown.dataset.stream === state) return;
  shown.dataset.stream = state;
  shown.querySelector(".stream-word").textContent = word;
}

function isBusy(part) {
  const active = document.activeElement;
  if (part.querySelector("details.menu[open]")) return true;
  if (part.contains(active) && active.matches("input, textarea, select")) return true;
  return [...part.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
}

/** Times tick by themselves: a part that differs only there is the same. */
function print(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time[data-ago], .countdown strong")) time.textContent = "";
  for (const details of copy.querySelectorAll("details")) details.open = false;
  for (const field of copy.querySelectorAll("input[name=idempotencyKey]")) field.remove();
  for (const chart of copy.querySelectorAll(".chart")) chart.textContent = "";
  return copy.outerHTML;
}

function replace(fresh) {
  let drawn = false;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
    if (!next || isBusy(part) || print(part) === print(next)) continue;
    const open = [...part.querySelectorAll("details")].map((details) => details.open);
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const kept = document.importNode(next, true);
    [...kept.querySelectorAll("details")].forEach((details, i) => (details.open = open[i] ?? false));
    part.replaceWith(kept);
    if (focused) kept.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
    drawn ||= kept.querySelector("[data-chart]") !== null || kept.matches("[data-chart]");
  }
  const here = new Set([...document.querySelectorAll("[data-live]")].map((part) => part.dataset.live));
  const more = [...fresh.querySelectorAll("main [data-live]")].some((part) => !here.has(part.dataset.live));
  const main = document.querySelector("main");
  if (more && !isBusy(main)) {
    main.replaceChildren(...document.importNode(fresh.querySelector("main"), true).childNodes);
    drawn = true;
  }
  document.title = fresh.title;
  if (drawn) drawCharts();
}

async function read() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (answer.type === "opaqueredirect") location.reload(); // the session is over: the server shows the login
    if (!answer.ok) return;
    const text = await answer.text();
    const fresh = checked(new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html"));
    setWorldNow(Number(fresh.documentElement.dataset.now));
    replace(fresh);
    tick();
  } catch (unreachable) {
    say("lost", "no connection");
  } finally {
    reading = false;
    if (again) {
      again = false;
      soon();
    }
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(read, SOON_MS);
}

function open() {
  if (stream || document.hidden) return;
  stream = new EventSource("/live");
  stream.onopen = () => say("on", "live");
  stream.onerror = () => say("lost", "reconnecting");
  for (const kind of ["facts", "reset", "progress"]) stream.addEventListener(kind, soon);
}

function close() {
  stream?.close();
  stream = null;
}

export function startLive() {
  if (!document.querySelector(".stream")) return;
  open();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      close();
    } else {
      open();
      soon();
    }
  });
  addEventListener("pagehide", close);
  setInterval(() => document.hidden || read(), ANYWAY_MS); // samples are no facts: charts move on without an event
}
