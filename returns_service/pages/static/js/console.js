// The console by keyboard, and decisions that can be taken back for a moment because they are not sent yet.
import { Queue } from "./queue.js";

const HOLD = 8000;
const main = document.getElementById("main");
const find = (query) => document.querySelector(query);
const all = (query) => [...document.querySelectorAll(query)];
const text = (name) => main.dataset[`text${name}`];
const toast = find("[data-toast]");
const keys = find("[data-keys]");
let going = false;
let row = -1;
let chord = false;

// --- decisions -----------------------------------------------------------------------------------------------------
const queue = new Queue({
  name: "console",
  who: main.dataset.me,
  stranger: () => go(`/console/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`),
  token: () => main.dataset.token,
  changed: () => {},
  refused: (entry, answer) => { keepTyped(entry); tell(`${text("Failed")} ${entry.about}. ${answer.say ?? ""}`, entry.home); },
  sent: (entry) => { if (find(`[data-screen=case][data-number="${entry.about}"]`) && !document.activeElement?.closest("textarea, input")) location.reload(); },
  leaving: () => !going,
});

for (const form of all("form[data-decision]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!form.reportValidity()) return;
    const after = find("[data-screen=case]").dataset.after;
    queue.add(form.getAttribute("action"), form, { hold: HOLD, about: form.dataset.number, home: location.pathname + location.search, label: event.submitter?.querySelector("span")?.textContent ?? form.dataset.decision });
    if (after) go(after);
    else offer();
  }, { capture: true });
}

// What was typed into a decision that could not be made waits in its field.
function keepTyped(entry) {
  const path = new URL(entry.home, location.href).pathname;
  for (const [name, value] of entry.fields) {
    if (value && !["csrf", "version", "query", "client_id"].includes(name)) sessionStorage.setItem(`draft:${path}:${name}`, value);
  }
}

function offer() {
  const entry = queue.lastHeld();
  if (!entry) return;
  tell(`${entry.about}: ${entry.label} · ${text("Sending")}`, null, [text("Undo"), undo]);
  setTimeout(() => { if (!queue.lastHeld()) toast.hidden = true; }, entry.until - Date.now() + 100);
}

// What is done to many waits on the page itself for a moment; leaving it is asked about.
let waiting = null;
for (const form of all("form[data-hold]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!form.reportValidity() || waiting) return;
    const timer = setTimeout(() => { waiting = null; going = true; form.submit(); }, HOLD);
    waiting = () => { clearTimeout(timer); waiting = null; toast.hidden = true; };
    tell(`${event.submitter?.textContent.trim() ?? ""} · ${text("Sending")}`, null, [text("Undo"), undo]);
  }, { capture: true });
}
addEventListener("beforeunload", (event) => { if (waiting) event.preventDefault(); });

function undo() {
  if (waiting) return waiting();
  const entry = queue.undo();
  if (!entry) return;
  keepTyped(entry);
  toast.hidden = true;
  if (location.pathname + location.search !== entry.home) go(entry.home);
}

function tell(words, href, action) {
  toast.replaceChildren(Object.assign(document.createElement("span"), { textContent: words }));
  if (href) toast.append(Object.assign(document.createElement("a"), { className: "button small", href, textContent: text("Open") }));
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: `${action[0]} (Z)` });
    button.addEventListener("click", action[1]);
    toast.append(button);
  }
  toast.hidden = false;
}

function go(path) {
  going = true;
  location.assign(path);
}
document.addEventListener("click", (event) => { if (event.target.closest("a[href^='/console']")) going = true; });
document.addEventListener("submit", () => { going = true; });

// --- keyboard ------------------------------------------------------------------------------------------------------
keys.checked = localStorage.getItem("single-keys") !== "no";
keys.addEventListener("change", () => localStorage.setItem("single-keys", keys.checked ? "yes" : "no"));

// On a phone the places stand in a line that scrolls: the present one is shown.
for (const here of all(".places [aria-current]")) here.closest("ul").scrollLeft = here.parentElement.offsetLeft - 24;

const rows = () => all("[data-row]");
function move(by) {
  if (!rows().length) return;
  const here = rows().indexOf(document.activeElement?.closest("[data-row]"));
  if (here >= 0) row = here;
  row = Math.min(rows().length - 1, Math.max(0, row + by));
  rows().forEach((one, at) => one.classList.toggle("at", at === row));
  rows()[row].querySelector("a").focus();
}

function open(key) {
  const summary = find(`summary[data-key="${key}"]`);
  if (!summary) return;
  summary.parentElement.open = true;
  summary.parentElement.querySelector("textarea").focus();
}

// In a queue a key asks what would happen to the ticked rows, or to the one at hand.
function many(deed) {
  const form = find("form[data-bulk]");
  if (!form) return false;
  if (!ticked().length) rows()[row]?.querySelector("input[type=checkbox]").click();
  if (!ticked().length) return true;
  form.elements.deed.value = deed;
  form.requestSubmit();
  return true;
}

const screen = () => find("[data-screen]")?.dataset;
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => rows()[row]?.querySelector("input[type=checkbox]").click(),
  a: () => { if (!many("approve")) find("#approve")?.click(); },
  d: () => many("reject") || open("d"),
  e: () => many("ask") || open("e"),
  r: () => open("r"),
  n: () => many("note") || open("n"),
  m: () => { if (!many("assign")) find("[data-mine]")?.click(); },
  z: () => undo(),
  "]": () => screen()?.after && go(screen().after),
  "[": () => screen()?.before && go(screen().before),
  "/": () => find("#find")?.focus(),
  "?": () => find("#keys-help").showModal(),
  g: () => { chord = true; setTimeout(() => { chord = false; }, 1200); },
};

// What was just written goes off without a hand leaving the keys: by its button; of several the first is offered.
function send(event) {
  const buttons = [...event.target.form.querySelectorAll("button:not([type=button])")];
  event.preventDefault();
  if (buttons.length === 1) event.target.form.requestSubmit(buttons[0]);
  else buttons[0]?.focus();
}

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog");
  if (event.key === "Escape" && typing && !event.target.closest("dialog")) return event.target.blur();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form && !event.isComposing) return send(event);
  if (typing || !keys.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (chord && /^[1-9]$/.test(event.key)) {
    chord = false;
    const link = all(".places")[0]?.querySelectorAll("a")[Number(event.key) - 1];
    if (link) go(link.href);
    return;
  }
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

// --- small helps ----------------------------------------------------------------------------------------------------
const ticked = () => all("[data-row] input[type=checkbox]:checked");
function count() {
  for (const spot of all("[data-ticked]")) spot.textContent = ticked().length || "";
}
for (const box of all("[data-all-rows]")) {
  box.addEventListener("change", () => { all("[data-row] input[type=checkbox]").forEach((one) => { one.checked = box.checked; }); count(); });
}
for (const box of all("[data-row] input[type=checkbox]")) box.addEventListener("change", count);
addEventListener("pageshow", count);
for (const picker of all("[data-template]")) {
  picker.addEventListener("change", () => {
    const field = document.getElementById(picker.dataset.template);
    if (picker.value) { field.value = field.value ? `${field.value}\n\n${picker.value}` : picker.value; field.focus(); field.dispatchEvent(new Event("input", { bubbles: true })); }
    picker.value = "";
  });
}
offer();
document.documentElement.dataset.console = "ready";
