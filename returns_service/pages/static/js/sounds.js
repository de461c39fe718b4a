// Three sounds that cannot be mistaken for one another, with a buzz where the device can.
const TUNES = {
  ok: { notes: [[880, 0, 0.07], [1320, 0.08, 0.1]], shape: "sine", buzz: [40] },
  attention: { notes: [[620, 0, 0.12], [620, 0.2, 0.12]], shape: "triangle", buzz: [60, 60, 60] },
  stop: { notes: [[170, 0, 0.42]], shape: "sawtooth", buzz: [300] },
};
let context = null;
let played = [];

export const muted = () => localStorage.getItem("muted") === "yes";
export const mute = (yes) => localStorage.setItem("muted", yes ? "yes" : "no");
export const heard = () => played;

export function play(name) {
  const tune = TUNES[name];
  if (!tune) return;
  played = [...played.slice(-49), name];
  document.documentElement.dataset.heard = name;
  navigator.vibrate?.(tune.buzz);
  if (muted() || !window.AudioContext) return;
  context ??= new AudioContext();
  for (const [pitch, start, length] of tune.notes) note(pitch, start, length, tune.shape);
}

function note(pitch, start, length, shape) {
  const at = context.currentTime + start;
  const tone = context.createOscillator();
  const loud = context.createGain();
  tone.type = shape;
  tone.frequency.value = pitch;
  loud.gain.setValueAtTime(0.25, at);
  loud.gain.exponentialRampToValueAtTime(0.001, at + length);
  tone.connect(loud).connect(context.destination);
  tone.start(at);
  tone.stop(at + length);
}
