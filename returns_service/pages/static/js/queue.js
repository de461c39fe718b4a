// What the bench says is kept on the device until the server has it: in order, each with an id of its own, so that
// nothing is lost when the connection is, and nothing is done twice when it comes back.
const KEY = "bench-queue";
const LOST = "bench-refused";
const AGAIN = 3000;

export class Queue {
  constructor({ token, changed, refused, sent }) {
    Object.assign(this, { token, changed, refused, sent });
    this.busy = null;
    this.held = null;
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => this.release());
    setInterval(() => { if (this.waiting().length && !this.held) this.flush(); }, AGAIN);
    changed(this.waiting().length);
    this.flush();
  }

  waiting() { return JSON.parse(localStorage.getItem(KEY) ?? "[]"); }
  lost() { return JSON.parse(localStorage.getItem(LOST) ?? "[]"); }
  forget(id) { localStorage.setItem(LOST, JSON.stringify(this.lost().filter((one) => one.id !== id))); }

  keep(entries) {
    localStorage.setItem(KEY, JSON.stringify(entries));
    this.changed(entries.length);
  }

  // Put a form at the end. With `hold`, it can be taken back for so many milliseconds.
  add(action, form, { hold = 0, about = "" } = {}) {
    this.release();
    const fields = [...new FormData(form).entries()].filter(([name, value]) => name !== "csrf" && typeof value === "string");
    const id = fields.find(([name]) => name === "client_id")?.[1] || newId();
    const entry = { id, action, about, fields: fields.map(([name, value]) => (name === "client_id" ? [name, id] : [name, value])) };
    this.keep([...this.waiting(), entry]);
    if (hold) this.held = { id, timer: setTimeout(() => this.release(), hold) };
    else return this.flush();
    return null;
  }

  // Take back the last one, while it is held. Answers what it was about.
  undo() {
    if (!this.held) return null;
    clearTimeout(this.held.timer);
    const entries = this.waiting();
    const entry = entries.find((one) => one.id === this.held.id);
    this.held = null;
    this.keep(entries.filter((one) => one !== entry));
    return entry ?? null;
  }

  release() {
    if (!this.held) return null;
    clearTimeout(this.held.timer);
    this.held = null;
    return this.flush();
  }

  flush() {
    this.busy ??= this.drain().finally(() => { this.busy = null; });
    return this.busy;
  }

  async drain() {
    let answer = null;
    for (;;) {
      const entry = this.waiting()[0];
      if (!entry || entry.id === this.held?.id) return answer;
      answer = await this.send(entry);
      if (answer === null) return null;
      this.keep(this.waiting().filter((one) => one.id !== entry.id));
      if (answer.status >= 400) this.refuse(entry, answer);
      else this.sent(entry, answer);
    }
  }

  refuse(entry, answer) {
    if (answer.status === 422 || answer.status === 409) this.refused(entry, answer);
    localStorage.setItem(LOST, JSON.stringify([...this.lost(), { id: entry.id, about: entry.about, say: answer.say }].slice(-20)));
    this.changed(this.waiting().length);
  }

  // null: no answer, or one that says "later": the entry stays first in line.
  async send(entry) {
    const body = new URLSearchParams(entry.fields);
    body.set("csrf", this.token());
    try {
      const response = await fetch(entry.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (response.status === 401 || response.status === 429 || response.status >= 500) return null;
      const said = await response.json().catch(() => ({}));
      return { status: response.status, ...said };
    } catch {
      return null;
    }
  }
}

export const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2, 12)}`;
