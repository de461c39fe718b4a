// Photos: shrunk on the device, sent one by one with progress, each can be removed or tried again.
const LONGEST = 2000;

export function photos(root) {
  for (const field of root.querySelectorAll("[data-photos]")) if (field.dataset.action) wire(field);
}

function wire(field) {
  const inputs = field.querySelectorAll("input[type=file]");
  const drop = field.querySelector(".drop");
  const add = (files) => [...files].forEach((file) => begin(field, file));
  for (const input of inputs) input.addEventListener("change", () => { add(input.files); input.value = ""; });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop") add(event.dataTransfer.files);
    });
  }
  for (const shot of field.querySelectorAll(".shot")) removable(field, shot);
}

function begin(field, file) {
  const list = field.querySelector(".shots");
  if (list.children.length >= Number(field.dataset.max)) return say(field, field.dataset.textMany);
  const shot = document.createElement("li");
  shot.className = "shot";
  const picture = document.createElement("img");
  picture.src = URL.createObjectURL(file);
  picture.alt = file.name;
  shot.append(picture);
  list.append(shot);
  removable(field, shot);
  queue(field, () => send(field, shot, file));
}

// One after the other: what keeps them adds each to what is there.
function queue(field, job) {
  field.waiting = (field.waiting ?? Promise.resolve()).then(job);
}

async function send(field, shot, file) {
  if (!shot.isConnected) return;
  const bar = document.createElement("progress");
  bar.max = 1;
  shot.append(bar);
  const body = new FormData();
  body.append("photo", await shrink(file), file.name.replace(/\.\w+$/, ".jpg"));
  const request = new XMLHttpRequest();
  request.open("POST", field.dataset.action);
  request.setRequestHeader("X-CSRF-Token", field.dataset.token);
  request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
  const over = new Promise((done) => request.addEventListener("loadend", done));
  request.onerror = () => failed(field, shot, file, field.dataset.textFailed);
  request.onload = () => {
    bar.remove();
    const answer = parse(request.responseText);
    if (answer.message) return refused(field, shot, file, answer.message);
    if (request.status >= 400) return failed(field, shot, file, field.dataset.textFailed);
    const kept = document.createElement("input");
    kept.type = "hidden";
    kept.name = field.dataset.name;
    kept.value = answer.id;
    shot.append(kept);
    if (field.dataset.shown) visible(shot, `${field.dataset.shown}/${answer.id}`);
    if (field.dataset.textCaption) shot.append(caption(field.dataset.textCaption, answer.id));
    if (!shot.isConnected) remove(field, shot);
    say(field, field.dataset.textDone);
  };
  request.send(body);
  await over;
}

// What the photo shows, in words; typed now, sent with the form.
function caption(text, id) {
  const label = document.createElement("label");
  label.className = "hint";
  const input = document.createElement("input");
  Object.assign(input, { className: "input", name: `alt-${id}`, maxLength: 200 });
  input.dataset.draft = `alt-${id}`;
  label.append(text, input);
  return label;
}

function parse(text) {
  try { return JSON.parse(text); } catch { return {}; }
}

// A photo of 12 megapixels becomes one of 2000 pixels; what the browser cannot read is sent as it is.
async function shrink(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.size < 1_500_000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), "image/jpeg", 0.85));
  } catch {
    return file;
  }
}

// What this browser cannot draw, such as HEIC, is shown as the server keeps it.
function visible(shot, address) {
  const picture = shot.querySelector("img");
  if (picture.complete && !picture.naturalWidth) picture.src = address;
}

// Sent again it would be refused again.
function refused(field, shot, file, text) {
  shot.remove();
  say(field, `${file.name}: ${text}`, "field-error");
}

function failed(field, shot, file, text) {
  shot.querySelector("progress")?.remove();
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button small again";
  again.textContent = field.dataset.textRetry;
  again.addEventListener("click", () => { again.remove(); queue(field, () => send(field, shot, file)); });
  shot.append(again);
  say(field, text);
}

function removable(field, shot) {
  const button = shot.querySelector("[name=remove]") ?? document.createElement("button");
  button.type = "button";
  button.className = "remove";
  button.textContent = "×";
  button.setAttribute("aria-label", field.dataset.textRemove);
  button.addEventListener("click", () => remove(field, shot));
  shot.append(button);
}

function remove(field, shot) {
  shot.remove();
  const id = shot.querySelector("input[type=hidden]")?.value;
  if (!id || !("keeps" in field.dataset)) return;
  const headers = { "X-CSRF-Token": field.dataset.token };
  queue(field, () => fetch(`${field.dataset.action}/${id}/remove`, { method: "POST", headers }).catch(() => {}));
}

function say(field, text, looks = "hint") {
  let spot = field.querySelector("[role=status]");
  if (!spot) {
    spot = document.createElement("div");
    spot.setAttribute("role", "status");
    field.append(spot);
  }
  spot.className = looks;
  spot.textContent = text;
}
