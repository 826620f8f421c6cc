// Starts what a page has use for. Everything that decides works without any of this.
import { startTimes } from "./times.js";
import { startTheme } from "./theme.js";
import { startKeys } from "./keys.js";
import { startConfirm } from "./confirm.js";
import { drawCharts } from "./charts.js";
import { startLive } from "./live.js";

document.documentElement.classList.add("scripts");
startTimes();
startTheme(drawCharts);
startKeys();
startConfirm();
drawCharts();
startLive();

// A link such as /login#token=… fills the form; the part after # never leaves the browser.
const token = document.querySelector("#login input[name=token]");
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (token && given) {
  token.value = given;
  history.replaceState(null, "", location.pathname + location.search);
}

// A menu closes on Escape and on a click beside it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
