// The screens that the last acts began on, by the id of the act: what was not sent yet is taken back with its screen,
// also after a reload.
const KEPT = 5;
const all = () => JSON.parse(sessionStorage.getItem("screens") ?? "[]");

export function keep(form, again) {
  const screen = { main: document.getElementById("main").innerHTML, path: location.pathname, again };
  sessionStorage.setItem("screens", JSON.stringify([...all(), [form.elements.client_id.value, screen]].slice(-KEPT)));
}

export const of = (act) => new Map(all()).get(act);
