// Serial numbers: which were sent, which were scanned, and what that makes of the unit in hand. What was scanned and
// is not saved yet is kept on the device, so that it outlives a reload.
import { moment } from "./label.js";

const key = (number) => `serials ${number}`;
const all = (number) => JSON.parse(sessionStorage.getItem(key(number)) ?? "{}");
const split = (text) => text.split(/[\s,;]+/).filter(Boolean);
const same = (one, other) => one.toUpperCase() === other.toUpperCase();

export const scanned = (number, line) => all(number)[line] ?? [];
export const keep = (number, line, codes) => sessionStorage.setItem(key(number), JSON.stringify({ ...all(number), [line]: codes }));
export const field = (unit) => unit.querySelector("[name=serial_numbers]");
export const given = (unit) => (field(unit) ? split(field(unit).value) : []);
const known = (unit) => JSON.parse(field(unit).dataset.sold);

// sent: one of ours; came: ours, but it came before; other: not the one that was sent; noted: nothing to compare with.
export function verdict(unit, code) {
  const box = field(unit).dataset;
  if (JSON.parse(box.came).some(([number]) => same(number, code))) return "came";
  const sold = JSON.parse(box.sold);
  if (!sold.length) return "noted";
  return sold.some((number) => same(number, code)) ? "sent" : "other";
}

// As it was written when it was sold.
export const proper = (unit, code) => known(unit).find((number) => same(number, code)) ?? code;
const worst = (verdicts) => ["came", "other", "noted", "sent"].find((one) => verdicts.includes(one)) ?? "";
export const judged = (unit) => worst(given(unit).map((code) => verdict(unit, code)));
export const wanted = (unit) => field(unit) !== null && known(unit).length > 0 && given(unit).length === 0;
export const isOurs = (unit, code) => field(unit) !== null && known(unit).some((number) => same(number, code));

// As many of the scanned ones as there are units on the form.
export function fill(unit, number) {
  if (!field(unit)) return;
  const many = Number(unit.querySelector("[name=quantity]").value || 1);
  const list = scanned(number, unit.dataset.unit).slice(0, many);
  if (list.length) field(unit).value = list.join(" ");
  show(unit);
}

// Colour and words below the field; the answer about the serial number follows from the scan.
export function show(unit) {
  const is = judged(unit);
  const said = unit.querySelector("[data-serial-said]");
  said.className = `serial-said ${{ sent: "good", other: "bad", came: "bad", noted: "info" }[is] ?? ""}`;
  said.textContent = is ? words(unit, is) : "";
  said.hidden = !is;
  unit.querySelector("[data-fine]").hidden = is === "other" || is === "came" || !unit.querySelector("[data-question]");
  if (is === "sent" || is === "other") answer(unit, is === "other");
  return is;
}

export function words(unit, is) {
  const box = field(unit).dataset;
  const code = given(unit).find((one) => verdict(unit, one) === is) ?? "";
  const [, who, at] = JSON.parse(box.came).find(([number]) => same(number, code)) ?? [];
  const text = { sent: box.textSent, other: box.textOther, came: box.textCame, noted: box.textNoted }[is];
  return text.replace("{code}", code).replace("{who}", who).replace("{at}", at ? moment(new Date(at)) : "");
}

function answer(unit, foreign) {
  const mark = field(unit).dataset.mark;
  const marked = (option) => option.dataset.findings.split(" ").includes(mark);
  for (const question of unit.querySelectorAll("[data-question]")) {
    const options = [...question.querySelectorAll("input[type=radio]")];
    if (mark && options.some(marked)) options.find((option) => marked(option) === foreign).checked = true;
  }
}

// The scanned ones that a saved unit took with it.
export function taken(unit, number) {
  const gone = given(unit);
  keep(number, unit.dataset.unit, scanned(number, unit.dataset.unit).filter((code) => !gone.some((one) => same(one, code))));
  return gone;
}
