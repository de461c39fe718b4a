// What people say is kept on the device until the server has it: in order, each with an id of its own, so that
// nothing is lost when the connection is, and nothing is done twice when it comes back. What is held can be taken back.
const AGAIN = 3000;
const PATIENCE = 20_000; // without an answer for so long it is asked again

export class Queue {
  // `who` is the person at the device: what somebody else left there waits until they are back. `stranger` is called
  // when nobody is signed in any more; `renew` gets a fresh token when the page is older than the session.
  constructor({ name = "bench", who = "", token, changed, refused, sent, leaving = () => true, stranger = () => {}, renew = async () => null }) {
    Object.assign(this, { key: `${name}-queue`, lostKey: `${name}-refused`, who, token, changed, refused, sent, leaving, stranger, renew });
    this.busy = null;
    this.timer = null;
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => { if (this.leaving()) this.release(); });
    setInterval(() => { if (this.waiting().length && !this.lastHeld()) this.flush(); }, AGAIN);
    changed(this.waiting().length);
    this.flush();
    this.watch();
  }

  waiting() { return JSON.parse(localStorage.getItem(this.key) ?? "[]"); }
  lost() { return JSON.parse(localStorage.getItem(this.lostKey) ?? "[]"); }
  forget(id) { localStorage.setItem(this.lostKey, JSON.stringify(this.lost().filter((one) => one.id !== id))); }

  keep(entries) {
    localStorage.setItem(this.key, JSON.stringify(entries));
    this.changed(entries.length);
  }

  // Put a form at the end. With `hold`, it can be taken back for so many milliseconds.
  add(action, form, { hold = 0, id = form?.elements.client_id?.value || newId(), ...more } = {}) {
    this.release();
    const said = [...new FormData(form).entries()].filter(([name, value]) => !["csrf", "client_id"].includes(name) && typeof value === "string");
    const fields = [["client_id", id], ...said];
    this.keep([...this.waiting(), { id, action, fields, until: hold ? Date.now() + hold : 0, who: this.who, ...more }]);
    if (!hold) return this.flush();
    this.watch();
    return null;
  }

  lastHeld() {
    const last = this.waiting().at(-1);
    return last && last.until > Date.now() ? last : null;
  }

  watch() {
    clearTimeout(this.timer);
    const held = this.lastHeld();
    if (held) this.timer = setTimeout(() => this.flush(), held.until - Date.now() + 20);
  }

  mine() { return this.waiting().filter((one) => !one.who || one.who === this.who); }

  // Take back the last one that the server cannot have. Answers it.
  undo() {
    const last = this.mine().at(-1);
    if (!last || last.tried || last.undoes !== undefined) return null;
    clearTimeout(this.timer);
    this.keep(this.waiting().filter((one) => one.id !== last.id));
    return last;
  }

  // What the server has, or may have, is taken back there, in its turn: after the ones before it, and once, however
  // often it is sent. Answers what the server said, or null while there is no connection.
  async undoThere(action, more) {
    const gone = new Set(this.mine().map((one) => one.undoes));
    const act = this.mine().findLast((one) => one.undoes === undefined && !gone.has(one.id));
    const id = newId();
    const answer = await this.add(action, undefined, { ...more, id, undoes: act?.id ?? "" });
    if (answer?.id === id) this.forget(id); // who asks sees the answer
    return answer;
  }

  // Send what is held without waiting.
  release() {
    const held = this.lastHeld();
    if (!held) return this.busy;
    this.keep(this.waiting().map((one) => (one.id === held.id ? { ...one, until: 0 } : one)));
    return this.flush();
  }

  flush() {
    this.busy ??= this.drain().finally(() => { this.busy = null; });
    return this.busy;
  }

  async drain() {
    let answer = null;
    for (;;) {
      const entry = this.mine()[0];
      if (!entry || entry.until > Date.now()) return answer;
      if (navigator.onLine) this.keep(this.waiting().map((one) => (one.id === entry.id ? { ...one, tried: true } : one)));
      answer = await this.send(entry);
      if (answer === null) return null;
      const refused = answer.status >= 400;
      this.keep(this.waiting().filter((one) => one.id !== entry.id && !(refused && one.undoes === entry.id)));
      if (refused) this.refuse(entry, answer);
      else this.sent(entry, answer);
    }
  }

  refuse(entry, answer) {
    const kept = [...this.lost(), { id: entry.id, about: entry.about, say: answer.say }].slice(-20);
    localStorage.setItem(this.lostKey, JSON.stringify(kept));
    this.refused(entry, answer);
  }

  // null: no answer, or one that says "later": the entry stays first in line.
  async send(entry) {
    try {
      let response = await this.post(entry, this.token());
      const fresh = response.status === 403 ? await this.renew() : null;
      if (fresh) response = await this.post(entry, fresh);
      if (response.status === 401) this.stranger();
      if (response.status === 401 || response.status === 429 || response.status >= 500) return null;
      const said = await response.json().catch(() => ({}));
      return { status: response.status, id: entry.id, ...said };
    } catch {
      return null;
    }
  }

  post(entry, token) {
    const body = new URLSearchParams(entry.fields);
    body.set("csrf", token);
    return fetch(entry.action, { method: "POST", body, keepalive: true, headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(PATIENCE) });
  }
}

export const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2, 12)}`;
