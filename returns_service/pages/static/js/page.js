// What every page can do a little better with a script. Without one, all of it still works.
import { photos } from "./photos.js";

// A form is sent once: a second press of the button waits for the first.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "yes") return event.preventDefault();
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (button) setTimeout(() => button.setAttribute("aria-busy", "true"));
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// Steppers: plus and minus beside a number field.
for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const input = stepper.querySelector("input");
  const mark = () => stepper.closest(".pick")?.classList.toggle("chosen", Number(input.value) > 0);
  input.addEventListener("input", mark);
  input.addEventListener("change", mark);
  mark();
  for (const button of stepper.querySelectorAll("button")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const wanted = Number(input.value || 0) + Number(button.dataset.step);
      input.value = Math.min(Number(input.max), Math.max(Number(input.min), wanted));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

// The summary of errors takes the focus and names the trouble in the title.
const trouble = document.querySelector("[data-focus]");
if (trouble) trouble.focus();

for (const back of document.querySelectorAll("[data-back]")) {
  back.hidden = history.length < 2;
  back.addEventListener("click", () => history.back());
}

for (const spot of document.querySelectorAll("[data-copy]")) {
  spot.title = spot.dataset.copyText ?? "";
  spot.addEventListener("click", () => navigator.clipboard?.writeText(spot.textContent));
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Dialogs: a button names the one it opens.
for (const opener of document.querySelectorAll("[data-opens]")) {
  const dialog = document.getElementById(opener.dataset.opens);
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  for (const closer of dialog.querySelectorAll("[data-closes]")) closer.addEventListener("click", () => dialog.close());
}

// What somebody types is kept until it has arrived, even if the page is left or reloaded, or the connection is lost.
const did = new URLSearchParams(location.search).get("did");
for (const field of document.querySelectorAll("[data-draft]")) {
  const key = keyOf(field);
  if (did === field.dataset.draft) sessionStorage.removeItem(key);
  if (!field.value) field.value = sessionStorage.getItem(key) ?? "";
  if (!document.body.classList.contains("portal")) field.form?.addEventListener("submit", () => sessionStorage.removeItem(key));
}
document.addEventListener("input", ({ target }) => {
  if (target.dataset.draft) sessionStorage.setItem(keyOf(target), target.value);
});

function keyOf(field) {
  return `draft:${location.pathname}:${field.dataset.draft}`;
}

// A page about something that lives looks now and then whether it has changed, and shows it anew.
const live = document.querySelector("[data-live]");
if (live) {
  setInterval(() => refresh(live), 20_000);
  document.addEventListener("visibilitychange", () => refresh(live));
}

async function refresh(part) {
  if (document.hidden) return;
  try {
    const answer = await fetch(part.dataset.live);
    const { version } = answer.ok ? await answer.json() : {};
    if (!version || String(version) === part.dataset.version) return;
    const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    part.innerHTML = fresh.innerHTML;
    part.dataset.version = fresh.dataset.version;
    document.querySelector("[data-news]").textContent = fresh.querySelector(".badge").textContent;
  } catch { /* the next look may reach it */ }
}

for (const picker of document.querySelectorAll("[data-goes]")) {
  picker.addEventListener("change", () => picker.form.requestSubmit());
}

photos(document);
