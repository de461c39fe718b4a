// The label of a unit, for its bin and its way through the house: printed by the browser, also without a connection.
// The page brings the sheet with the barcode of the return; what was found is written into it.
export function make(root, { place = "", grade = "", title = "", sub = "", who = "" }) {
  const sheet = root.querySelector("[data-label-sheet]");
  if (!sheet) return null;
  const label = sheet.content.firstElementChild.cloneNode(true);
  const when = moment(new Date());
  for (const [name, text] of Object.entries({ place, grade, title, sub, who, when })) label.querySelector(`[data-label-${name}]`).textContent = text;
  return label;
}

// As the pages write it: English with the day first and the month in letters.
export function moment(at) {
  const { lang } = document.documentElement;
  return at.toLocaleString(lang === "en" ? "en-GB" : lang, { dateStyle: "medium", timeStyle: "short" });
}

export function print(label) {
  document.getElementById("label").replaceChildren(label.cloneNode(true));
  document.documentElement.dataset.prints = "label";
  addEventListener("afterprint", () => { delete document.documentElement.dataset.prints; }, { once: true });
  window.print();
}
