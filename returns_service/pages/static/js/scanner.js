// A scanner in keyboard mode types a code in a burst and ends it with Enter. This listens everywhere, without focus,
// tells bursts from typing by their speed, takes the burst out of a field it fell into, and drops repeats.
const GAP = 45; // milliseconds between keys of a burst, at most on average
const SHORTEST = 4;
const REPEAT = 2000;

export class Scanner {
  constructor({ scanned, garbage, key, now = () => performance.now() }) {
    Object.assign(this, { scanned, garbage, key, now });
    this.last = { code: "", at: -Infinity };
    this.reset();
    addEventListener("keydown", (event) => this.press(event), { capture: true });
  }

  reset() {
    this.text = "";
    this.times = [];
    this.field = null;
    clearTimeout(this.waiting);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const at = event.timeStamp; // when the key was pressed, however long the page was busy since
    const gap = at - (this.times.at(-1) ?? -Infinity);
    if (event.key === "Enter" || event.key === "Tab") return this.end(event, gap);
    if (event.key.length !== 1) return;
    if (gap > GAP * 2) this.begin(event);
    this.text += event.key;
    this.times.push(at);
    clearTimeout(this.waiting);
    // A single key is a shortcut only when no burst follows it.
    if (this.text.length === 1 && !editable(event.target)) {
      const single = event.key;
      this.waiting = setTimeout(() => { this.reset(); this.key(single); }, GAP * 2);
    }
  }

  begin(event) {
    this.reset();
    this.field = editable(event.target) ? { node: event.target, before: event.target.value } : null;
  }

  end(event, gap) {
    const burst = this.text.length >= SHORTEST && gap < GAP * 2 && this.pace() <= GAP;
    const { text, field } = this;
    const typed = this.text.length;
    this.reset();
    if (!burst) {
      if (event.key === "Enter" && typed === 0 && !editable(event.target) && !pressable(event.target)) this.key("Enter");
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (field) field.node.value = field.before;
    this.take(text);
  }

  pace() {
    const all = this.times.at(-1) - this.times[0];
    return all / Math.max(1, this.times.length - 1);
  }

  // Also for camera and typed codes.
  take(text) {
    const code = text.trim();
    if (!/^[\x20-\x7e]{3,120}$/.test(code)) return this.garbage(code);
    const at = this.now();
    if (code === this.last.code && at - this.last.at < REPEAT) { this.last.at = at; return; }
    this.last = { code, at };
    this.scanned(code);
  }
}

function editable(node) {
  return node instanceof HTMLTextAreaElement || node instanceof HTMLSelectElement
    || (node instanceof HTMLInputElement && !["radio", "checkbox", "button", "submit", "file"].includes(node.type));
}

function pressable(node) {
  return node instanceof HTMLElement && node.closest("button, a, summary, label, dialog") !== null;
}
