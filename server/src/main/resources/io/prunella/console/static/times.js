// Keeps "4 min ago" and countdowns right. The world's clock is the server's, and in the demo it runs faster.
const root = document.documentElement;
let worldMs = Number(root.dataset.now);
let wallMs = Date.now();
const speed = Number(root.dataset.speed) || 1;

export function worldNow() {
  return worldMs + (Date.now() - wallMs) * speed;
}

/** A fresh page has told the time anew. */
export function setWorldNow(ms) {
  worldMs = ms;
  wallMs = Date.now();
}

function span(seconds) {
  if (seconds < 90) return Math.round(seconds) + " s";
  if (seconds < 5400) return Math.round(seconds / 60) + " min";
  if (seconds < 129600) return Math.round(seconds / 3600) + " h";
  return Math.round(seconds / 86400) + " days";
}

function ago(ms) {
  const seconds = (worldNow() - ms) / 1000;
  if (Math.abs(seconds) < 2) return "now";
  return seconds < 0 ? "in " + span(-seconds) : span(seconds) + " ago";
}

function left(ms) {
  const seconds = Math.max(0, Math.floor((ms - worldNow()) / 1000));
  const two = (n) => String(n).padStart(2, "0");
  if (seconds >= 3600) return Math.floor(seconds / 3600) + " h " + two(Math.floor((seconds % 3600) / 60)) + " min";
  return Math.floor(seconds / 60) + ":" + two(seconds % 60);
}

const spoken = new Set();

/** A countdown that talks every second is noise: it speaks at five, two and one minutes. */
function speak(countdown, minutes) {
  const out = countdown.parentElement.querySelector("[data-spoken]");
  for (const at of [5, 2, 1]) {
    if (out && minutes <= at && minutes > at - 0.1 && !spoken.has(at)) {
      spoken.add(at);
      out.textContent = at + (at === 1 ? " minute" : " minutes") + " left to decide";
    }
  }
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function tick() {
  for (const time of document.querySelectorAll("time[data-ago]")) set(time, ago(Number(time.dataset.ago)));
  for (const countdown of document.querySelectorAll("[data-until]")) {
    const until = Number(countdown.dataset.until);
    set(countdown.querySelector("strong"), left(until));
    speak(countdown, (until - worldNow()) / 60000);
  }
}

export function startTimes() {
  tick();
  setInterval(tick, 1000);
}
