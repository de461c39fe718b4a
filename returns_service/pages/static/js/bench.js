// The bench: scans drive it, the page shows it, the queue keeps it.
import * as camera from "./camera.js";
import * as label from "./label.js";
import { photos } from "./photos.js";
import { newId, Queue } from "./queue.js";
import { Scanner } from "./scanner.js";
import * as screens from "./screens.js";
import * as serials from "./serials.js";
import { mute, muted, play } from "./sounds.js";

const HOLD = 6000; // so long a saved unit can be taken back
const IDLE = 300_000;
const PATIENCE = 10_000; // without an answer for so long, there is no connection
const RETURN = /^R-|\/returns\//i; // what a slip says
const main = document.getElementById("main");
const text = (name) => main.dataset[`text${name}`];
const find = (query, root = main) => root.querySelector(query);
const all = (query, root = main) => [...root.querySelectorAll(query)];
let home = null; // the page "ready", kept for when there is no connection
let undoable = null; // until when the buttons for it are shown
let lastLabel = null; // of the unit that was saved last

// --- saying -------------------------------------------------------------------------------------------------------
function say(words, sound) {
  const bar = document.getElementById("say");
  bar.className = `say ${{ ok: "good", attention: "warn", stop: "bad" }[sound] ?? ""}`;
  bar.hidden = !words;
  bar.replaceChildren(Object.assign(document.createElement("span"), { textContent: words }));
  if (undoable) bar.append(barButton(`${text("Label")} (P)`, printLabel), barButton(`${text("Undo")} (U)`, () => inTurn(undo)));
  if (sound) play(sound);
}

function barButton(words, does) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words;
  button.addEventListener("click", does);
  return button;
}

function printLabel() {
  if (lastLabel) label.print(lastLabel);
  else say(text("Nolabel"), "attention");
}

function log(code, good) {
  const scans = [{ code, good, at: new Date().toTimeString().slice(0, 5) }, ...JSON.parse(sessionStorage.getItem("scans") ?? "[]")].slice(0, 10);
  sessionStorage.setItem("scans", JSON.stringify(scans));
  if (!good) sessionStorage.setItem("refused", Number(sessionStorage.getItem("refused") ?? 0) + 1);
}

function showLog() {
  const list = find("[data-scans]");
  const scans = JSON.parse(sessionStorage.getItem("scans") ?? "[]");
  if (list && scans.length) {
    list.replaceChildren(...scans.map(({ code, good, at }) => {
      const row = document.createElement("li");
      row.className = good ? "" : "bad";
      row.append(Object.assign(document.createElement("span"), { textContent: `${good ? "✓" : "✗"} ${code}` }), Object.assign(document.createElement("time"), { textContent: at }));
      return row;
    }));
  }
  const errors = find("[data-errors]");
  if (errors) errors.textContent = sessionStorage.getItem("refused") ?? "0";
}

// --- pages ------------------------------------------------------------------------------------------------------
function put(answer, { history: write = true } = {}) {
  if (!answer?.main) return;
  main.innerHTML = answer.main;
  if (answer.token) main.dataset.token = answer.token;
  if (write && answer.path && answer.path !== location.pathname) history.pushState({}, "", answer.path);
  wire();
  remember();
  say(answer.say, answer.sound);
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// What comes while an answer is awaited waits for it: scans, keys and buttons mean the screen that they come upon.
let turn = Promise.resolve();
const inTurn = (does) => { turn = turn.then(does).catch((wrong) => setTimeout(() => { throw wrong; })); return turn; };

async function fetched(path) {
  const response = await fetch(path, { headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(PATIENCE) });
  if (response.status === 401) { signIn(); return null; }
  const answer = await response.json();
  if (answer.path === "/warehouse/") home = { ...answer, say: "", sound: "" };
  return answer;
}

async function get(path) {
  try {
    const answer = await fetched(path);
    put(answer);
    return answer;
  } catch {
    say(text("Cannot"), "stop");
    return null;
  }
}

// The PIN is asked; what was not sent waits for whoever made it.
function signIn() {
  location.assign(`/warehouse/sign-in?next=${encodeURIComponent(location.pathname)}`);
}

// The parcel on the screen outlives a reload without a connection.
function remember() {
  sessionStorage.setItem("screen", JSON.stringify({ path: location.pathname, main: main.innerHTML }));
}

async function lookUp(code) {
  await queue.release();
  const body = new URLSearchParams({ code, csrf: main.dataset.token });
  const wanted = { method: "POST", body, headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(PATIENCE) };
  const response = await fetch("/warehouse/scan", wanted).catch(() => null);
  if (response?.status === 401) return signIn();
  const answer = await response?.json().catch(() => null);
  log(code, Boolean(answer && response.ok));
  if (!answer) say(text("Cannot"), "stop");
  else if (!response.ok) strange(code, answer);
  else next(answer);
  return showLog();
}

// The next parcel saves the unit that was answered, unless something is still asked about it.
function next(answer) {
  const unit = find("[data-unit]:not([hidden])");
  const form = unit && answered(unit) ? unit.querySelector("form") : null;
  form?.requestSubmit();
  if (form?.isConnected && answered(unit)) return;
  put(answer);
  if (form) say(document.getElementById("say").dataset.saved, "ok");
}

// A code that nobody knows: the parcel on the screen stays, with one article more in it.
function strange(code, answer) {
  if (find("[data-count]") && !RETURN.test(code)) return foreign(code);
  return find("[data-screen=parcel]") ? say(answer.say, "stop") : put(answer);
}

function goHome() {
  if (navigator.onLine) return get("/warehouse/");
  if (home) put(home);
  else say(text("Cannot"), "stop");
}

// --- scans --------------------------------------------------------------------------------------------------------
const COMMANDS = {
  OK: () => (find("[data-unit]:not([hidden]) [data-fine]") ?? find("[data-all]"))?.click(),
  NEXT: () => save(),
  UNDO: () => undo(),
  PRINT: () => printLabel(),
  MISSING: () => (find("[data-count]") ? save() : goHome()),
  HOME: () => goHome(),
  LOCK: () => document.querySelector("[data-lock]").click(),
};

function scanned(code) {
  touched();
  const command = /^CMD-([A-Z0-9]+)$/i.exec(code)?.[1].toUpperCase();
  if (command) {
    if (/^\d$/.test(command)) return digit(Number(command));
    return COMMANDS[command] ? COMMANDS[command]() : garbage(code);
  }
  const fits = find("[data-screen=parcel]") && ofParcel(code);
  if (fits) return log(code, fits !== "foreign");
  if (find("[data-count]") && counted() > 0) { log(code, false); return RETURN.test(code) ? say(text("First"), "stop") : foreign(code); }
  return lookUp(code);
}

function garbage(code) {
  log(code || "?", false);
  showLog();
  say(text("Garbage"), "stop");
}

// A code that belongs to the parcel on the screen counts a unit, or calls up its questions; a serial number stays with
// the unit that has it.
function ofParcel(code) {
  const fits = (node) => JSON.parse(node.dataset.codes).some((known) => known.toUpperCase() === code.toUpperCase());
  const form = find("[data-count]");
  const line = form && all("[data-line]").find(fits);
  if (line) { countScanned(line, code); return true; }
  const open = !form && find("[data-unit]:not([hidden])");
  const unit = !form && all("[data-unit]").find((node) => fits(node) && Number(node.dataset.rest) > 0);
  if (!unit) return open && serials.field(open) && !RETURN.test(code) ? serial(open, code) : false;
  if (open && open !== unit && answered(open)) save();
  open?.toggleAttribute("hidden", true);
  show(unit);
  if (serials.isOurs(unit, code)) return serial(unit, code);
  play("ok");
  return true;
}

function countScanned(line, code) {
  const unit = find(`[data-unit="${CSS.escape(line.dataset.line)}"]`);
  if (unit && serials.isOurs(unit, code)) {
    const before = serials.scanned(number(), line.dataset.line);
    if (before.some((one) => one.toUpperCase() === code.toUpperCase())) return say(text("Twice"), "attention");
    serials.keep(number(), line.dataset.line, [...before, serials.proper(unit, code)]);
  }
  return step(line);
}

// The serial number of the unit in hand. A second one of ours is the next unit's.
function serial(unit, scannedCode) {
  const code = serials.proper(unit, scannedCode);
  const has = serials.given(unit);
  const rest = serials.scanned(number(), unit.dataset.unit).filter((one) => one !== code && !has.includes(one));
  const next = serials.judged(unit) === "sent" && serials.verdict(unit, code) === "sent" && Number(unit.dataset.rest) > has.length;
  const list = (...codes) => serials.keep(number(), unit.dataset.unit, codes);
  if (has.includes(code)) list(...has, ...rest);
  else if (unit.querySelector("[name=quantity]").value > has.length) list(...has, code, ...rest);
  else if (next) {
    list(...has, ...rest, code);
    if (answered(unit)) save();
    else say(text("Later"), "attention");
    return true;
  } else list(code, ...rest);
  serials.fill(unit, number());
  return ["other", "came"].includes(told(unit)) ? "foreign" : true;
}

function told(unit) {
  const is = serials.show(unit);
  const form = unit.querySelector("form");
  if (answered(form)) propose(form);
  if (is) say(serials.words(unit, is), { sent: "ok", noted: "attention" }[is] ?? "stop");
  return is;
}

// --- counting -------------------------------------------------------------------------------------------------------
const input = (line) => line.querySelector("input[type=number]");
const counted = () => all("[data-line]").reduce((sum, line) => sum + Number(input(line).value), 0);

function step(line) {
  input(line).value = Number(input(line).value) + 1;
  mark(line);
  const over = Number(input(line).value) > Number(line.dataset.most);
  if (over) return say(text("More"), "attention");
  if (complete()) { say(text("Complete"), "ok"); return find("[data-count]").requestSubmit(); }
  say("", "ok");
}

const begun = () => counted() > 0 || all("[data-extras] .extra").length > 0;

// What is most likely pressed next stands out: everything at one touch, until something is counted by hand.
function emphasis() {
  find("[data-all]").classList.toggle("first", !begun());
  find("[data-count] .bench-actions [type=submit]").classList.toggle("first", begun());
}

function mark(line) {
  emphasis();
  const [is, most] = [Number(input(line).value), Number(line.dataset.most)];
  line.classList.toggle("full", most > 0 && is === most);
  line.classList.toggle("over", is > most);
}

const complete = () => all("[data-line]").every((line) => Number(input(line).value) === Number(line.dataset.most))
  && !all("[data-extras] .extra").length;

function foreign(code) {
  extra(code);
  say(`${text("Foreign")}: ${code}`, "attention");
}

function extra(sku = "") {
  const row = find("[data-extra-row]").content.firstElementChild.cloneNode(true);
  row.querySelector("[name=extra-sku]").value = sku;
  find("[data-extras]").append(row);
  emphasis();
  if (!sku) row.querySelector("[name=extra-sku]").focus();
}

function wireCount(form) {
  for (const line of all("[data-line]")) input(line).addEventListener("change", () => mark(line));
  for (const stepper of all("[data-stepper] button", form)) {
    stepper.addEventListener("click", () => {
      const field = stepper.parentElement.querySelector("input");
      field.value = Math.max(0, Number(field.value) + Number(stepper.dataset.step));
      mark(stepper.closest("[data-line]"));
    });
  }
  const adder = find("[data-add-extra]");
  adder.hidden = false;
  adder.addEventListener("click", () => extra());
  const whole = find("[data-all]");
  whole.hidden = false;
  emphasis();
  whole.addEventListener("click", () => { for (const line of all("[data-line]")) input(line).value = line.dataset.most; form.requestSubmit(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (sent.has(form)) return;
    if (!begun()) { say(text("Empty"), "attention"); return; }
    sent.add(form);
    inTurn(() => countIn(form));
  });
}

const sent = new WeakSet();

async function countIn(form) {
  screens.keep(form);
  const answer = await queue.add(form.getAttribute("action"), form, { about: number() });
  if (answer) return put(answer);
  if (!queue.waiting().length) return sent.delete(form);
  say(text("Offline"), "attention");
  return inspectWithout(form);
}

// Without a connection: the count waits, and the questions are here already.
function inspectWithout(form) {
  for (const line of all("[data-line]", form)) {
    const unit = find(`[data-unit="${CSS.escape(line.dataset.line)}"]`);
    if (unit) rest(unit, Number(unit.dataset.rest) + Math.min(Number(input(line).value), Number(line.dataset.most)));
  }
  form.remove();
  nextUnit();
  remember();
}

// --- inspecting -------------------------------------------------------------------------------------------------------
const number = () => find("[data-number]")?.dataset.number ?? "";
const questions = (unit) => all("[data-question]", unit);
const answered = (unit) => questions(unit).length > 0 && questions(unit).every((question) => question.querySelector(":checked"));

function rest(unit, left) {
  unit.dataset.rest = left;
  unit.querySelector("[data-left]").textContent = left;
}

function show(unit) {
  unit.hidden = false;
  const form = unit.querySelector("form");
  form.querySelector("[name=client_id]").value = newId();
  serials.fill(unit, number());
  foresee(form);
  unit.scrollIntoView({ block: "nearest" });
}

function nextUnit() {
  for (const unit of all("[data-unit]")) unit.hidden = true;
  const unit = all("[data-unit]").find((node) => Number(node.dataset.rest) > 0);
  if (!unit) return goHome();
  unit.querySelector("form").reset();
  delete unit.querySelector("form").dataset.asked;
  find("[data-proposal]", unit).hidden = true;
  show(unit);
  return null;
}

function wireInspect(form) {
  const unit = form.closest("[data-unit]");
  form.querySelector("[name=client_id]").value = newId();
  const fine = find("[data-fine]", form);
  if (questions(form).length) fine.hidden = false;
  if (!unit.hidden) { serials.fill(unit, number()); foresee(form); }
  fine.addEventListener("click", () => asExpected(unit, form));
  serials.field(unit)?.addEventListener("change", (event) => { event.stopPropagation(); serials.keep(number(), unit.dataset.unit, serials.given(unit)); told(unit); });
  form.elements.quantity.addEventListener("change", () => serials.fill(unit, number()));
  form.addEventListener("change", () => { if (answered(form)) propose(form); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (questions(form).length && !answered(form)) return say(text("Answer"), "attention");
    if ((form.grade.value || form.disposition.value) && !form.note.value.trim()) { form.querySelector("details").open = true; form.note.focus(); return say(text("Why"), "attention"); }
    if (without(unit, form)) return null;
    return keep(form, unit);
  });
}

// Everything as it should be, unless the serial number says that it is not.
function asExpected(unit, form) {
  const is = serials.field(unit) && serials.judged(unit);
  if (is === "other" || is === "came") return say(serials.words(unit, is), "stop");
  if (without(unit, form)) return null;
  questions(form).forEach((q) => best(q).checked = true);
  return form.requestSubmit();
}

// Asked for once; who has none to scan goes on.
function without(unit, form) {
  if (!serials.wanted(unit) || form.dataset.asked) return false;
  form.dataset.asked = "yes";
  say(text("Serial"), "attention");
  return true;
}

// The answer that finds nothing wrong: the first whose grade is best.
function best(question) {
  const options = [...question.querySelectorAll("input[type=radio]")];
  const grade = (option) => option.dataset.grade || " ";
  return options.reduce((one, other) => (grade(other) < grade(one) ? other : one));
}

// What the rules say to answers and the serial number.
const ask = (said) => fetch(`/warehouse/parcels/${number()}/proposal?${new URLSearchParams(said)}`, { headers: { "X-Requested-With": "fetch" } })
  .then((response) => (response.ok ? response.json() : null)).catch(() => null);

// Where a unit goes that is as expected: asked beforehand, so that the answer is there when the key is pressed.
async function foresee(form) {
  const said = questions(form).map((question) => { const { name, value } = best(question); return [name, value]; });
  const answer = said.length ? await ask([["line_id", form.elements.line_id.value], ...said]) : null;
  if (answer) Object.assign(form.dataset, { place: answer.place, grade: answer.grade ?? "" });
}

async function propose(form) {
  const answer = await ask([...new FormData(form)].filter(([name]) => name.startsWith("q-") || ["line_id", "serial_numbers"].includes(name)));
  if (!answer) return;
  Object.assign(form.dataset, { place: answer.place, grade: answer.grade ?? "" });
  const box = find("[data-proposal]", form);
  box.hidden = false;
  find("[data-place]", box).textContent = answer.place;
  find("[data-place]", box).className = `bin ${answer.disposition ?? ""}`;
  find("[data-grade-text]", box).textContent = [answer.grade, answer.grade_text].filter(Boolean).join(" · ");
  find("[data-findings-text]", box).textContent = answer.findings.join(", ");
}

function keep(form, unit) {
  const quantity = Number(form.quantity.value || 1);
  const [line, numbers] = [unit.dataset.unit, serials.given(unit)];
  screens.keep(form, [number(), line, [...numbers, ...serials.scanned(number(), line).filter((one) => !numbers.includes(one))]]);
  queue.add(form.getAttribute("action"), form, { hold: HOLD, about: `${number()} · ${find("h2", unit).textContent}` });
  serials.taken(unit, number());
  undoable = { until: Date.now() + HOLD };
  setTimeout(() => { if (undoable && Date.now() >= undoable.until) { undoable = null; document.querySelectorAll("#say .button").forEach((button) => button.remove()); } }, HOLD + 50);
  rest(unit, Math.max(0, Number(unit.dataset.rest) - quantity));
  const done = all("[data-unit]").every((node) => Number(node.dataset.rest) <= 0);
  const chosen = form.disposition.selectedOptions[0];
  const place = form.disposition.value ? chosen.textContent : form.dataset.place ?? "";
  lastLabel = label.make(main, { place, grade: form.grade.value || (form.dataset.grade ?? ""), title: find("h2", unit).textContent, sub: [unit.dataset.sku, ...numbers].join(" · "), who: document.querySelector("[data-who]").textContent });
  if (labels.checked) setTimeout(printLabel, 0);
  const words = `${text("Saved")}: ${find("h2", unit).textContent}${place ? ` → ${place}` : ""}`;
  document.getElementById("say").dataset.saved = words;
  if (done) finish(words);
  else { nextUnit(); remember(); say(words, "ok"); }
}

// The last unit: back to the start at once; what was saved is sent when it can no longer be taken back.
async function finish(words) {
  if (home) put({ ...home, say: words, sound: "ok" });
  else { await get("/warehouse/"); say(words, "ok"); }
}

function save() {
  const unit = find("[data-unit]:not([hidden]) form");
  const form = find("[data-count]") ?? unit;
  if (form) form.requestSubmit();
  else goHome();
}

// What was not sent yet is simply not sent, and its screen comes back; what the server has is taken back there, while
// nothing was built on it. Without a connection that waits in its turn, and outlives a reload.
async function undo() {
  undoable = lastLabel = null;
  const taken = queue.undo();
  if (taken) {
    const screen = screens.of(taken.id) ?? home;
    if (screen?.again) serials.keep(...screen.again);
    return screen ? put({ ...screen, say: text("Undone"), sound: "attention" }) : say(text("Undone"), "attention");
  }
  const answer = await queue.undoThere("/warehouse/undo", { about: text("Undo") });
  if (!answer) return say(text("Undolater"), "attention");
  return answer.status >= 400 ? say(answer.say, "stop") : put(answer);
}

function digit(n) {
  const pick = find(`[data-digit="${n}"]`);
  if (pick) return pick.click();
  const unit = find("[data-unit]:not([hidden])");
  if (!unit) return null;
  if (n === 0) return find("[data-fine]", unit).click();
  const open = questions(unit).find((question) => !question.querySelector(":checked")) ?? questions(unit).at(-1);
  const choice = open?.querySelectorAll("input")[n - 1];
  if (!choice) return play("attention");
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  return null;
}

// --- wiring ----------------------------------------------------------------------------------------------------------
function wire() {
  const form = find("[data-count]");
  if (form) { form.querySelector("[name=client_id]").value = newId(); wireCount(form); }
  for (const one of all("[data-inspect]")) wireInspect(one);
  for (const one of all("form[data-unknown]")) { one.querySelector("[name=client_id]").value = newId(); one.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); inTurn(() => later(one)); }); }
  for (const one of all("form[data-scan]")) one.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); const field = one.elements.code; const code = field.value; field.value = ""; inTurn(() => scanned(code.trim())); });
  const lens = find("[data-camera]");
  if (lens && camera.possible()) { lens.hidden = false; lens.addEventListener("click", () => camera.read(find("[data-camera-box]"), (code) => scanner.take(code)).catch(() => say(text("Nocamera"), "stop"))); }
  for (const one of all("[data-print-label]")) { one.hidden = false; one.addEventListener("click", () => label.print(label.make(main, one.dataset))); }
  for (const printer of all("[data-print]")) printer.addEventListener("click", () => print());
  photos(main);
  showLog();
  showLost();
}

async function later(form) {
  const answer = await queue.add(form.getAttribute("action"), form, { about: document.title });
  if (answer) put(answer);
  else { say(text("Offline"), "attention"); if (home) put({ ...home, say: text("Offline"), sound: "attention" }); }
}

function showLost() {
  const box = find("[data-attention]");
  if (!box) return;
  const lost = queue.lost();
  box.hidden = lost.length === 0;
  find("[data-attention-list]").replaceChildren(...lost.map((one) => {
    const row = document.createElement("li");
    const gone = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: text("Seen") });
    gone.addEventListener("click", () => { queue.forget(one.id); showLost(); });
    row.className = "row between";
    row.append(`${one.about}: ${one.say ?? ""}`, gone);
    return row;
  }));
}

let idle = null;
function touched() {
  clearTimeout(idle);
  idle = setTimeout(() => { if (navigator.onLine) document.querySelector("[data-lock]").click(); }, IDLE);
}

const queue = new Queue({
  who: main.dataset.worker,
  token: () => main.dataset.token,
  stranger: signIn,
  renew: async () => { const answer = await fetched("/warehouse/").catch(() => null); if (answer?.token) main.dataset.token = answer.token; return answer?.token; },
  changed: (n) => {
    const badge = document.querySelector("[data-queue]");
    badge.hidden = n === 0;
    badge.textContent = `${n} ${badge.dataset.text}`;
  },
  refused: (entry, answer) => { undoable = null; if (entry.undoes === undefined) put(answer); say(`${text("Lost")} ${entry.about}. ${answer.say ?? ""}`, "stop"); },
  sent: () => {},
});
const keys = document.querySelector("[data-keys]");
keys.checked = localStorage.getItem("single-keys") !== "no";
keys.addEventListener("change", () => localStorage.setItem("single-keys", keys.checked ? "yes" : "no"));
const labels = document.querySelector("[data-labels]");
labels.checked = localStorage.getItem("unit-labels") === "yes";
labels.addEventListener("change", () => localStorage.setItem("unit-labels", labels.checked ? "yes" : "no"));
function pressed(key) {
  touched();
  if (!keys.checked) return null;
  if (/^\d$/.test(key)) return digit(Number(key));
  if (key === "u" || key === "U") return undo();
  if (key === "p" || key === "P") return printLabel();
  return key === "Enter" ? save() : null;
}

const scanner = new Scanner({
  scanned: (code) => inTurn(() => scanned(code)),
  garbage,
  key: (key) => inTurn(() => pressed(key)),
});
const quiet = document.querySelector("[data-mute]");
quiet.hidden = false;
quiet.setAttribute("aria-pressed", muted());
quiet.addEventListener("click", () => { mute(!muted()); quiet.setAttribute("aria-pressed", muted()); });

const offline = document.querySelector("[data-offline]");
const online = () => { offline.hidden = navigator.onLine; };
addEventListener("online", online);
addEventListener("offline", online);
addEventListener("popstate", () => location.reload());
document.addEventListener("click", (event) => {
  touched();
  const link = event.target.closest("a[href^='/warehouse/']:not([target])");
  if (!link || event.ctrlKey || event.metaKey || link.getAttribute("href").includes("/photos/")) return;
  event.preventDefault();
  inTurn(() => get(link.getAttribute("href")));
});
online();
touched();
wire();
if (find("[data-screen=ready]")) home = { main: main.innerHTML, path: "/warehouse/", say: "", sound: "" };
else fetched("/warehouse/").catch(() => null);
// Kept on the device by the worker: this page is then not the one whose address it has.
const kept = JSON.parse(sessionStorage.getItem("screen") ?? "null");
if (main.dataset.path !== location.pathname) {
  if (kept?.path === location.pathname) put({ main: kept.main, path: kept.path, say: text("Cannot"), sound: "" });
  else history.replaceState({}, "", main.dataset.path);
} else remember();
if (navigator.serviceWorker) {
  const files = () => [...performance.getEntriesByType("resource").map((entry) => entry.name), ...[...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((node) => node.href ?? node.src)].filter((name) => name.startsWith(`${location.origin}/static/`));
  navigator.serviceWorker.register("/warehouse/worker.js", { scope: "/warehouse/" }).catch(() => null);
  navigator.serviceWorker.ready.then((ready) => ready.active.postMessage({ files: [...new Set(files())] }));
}
if (main.dataset.sound) play(main.dataset.sound);
document.documentElement.dataset.bench = "listening";
