// Reads a Code 128 out of a picture, for browsers that cannot do it by themselves: a few rows of it are looked at,
// forwards and backwards, until one says something whose check sign is right.
const WIDTHS = "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232";
const PATTERNS = new Map(Array.from({ length: 106 }, (_, value) => [WIDTHS.slice(value * 6, value * 6 + 6), value]));
const [SHIFT, TO_C, TO_B, TO_A, START_A, START_C, STOP] = [98, 99, 100, 101, 103, 105, "233111"];
const ROWS = 24;

export function read({ data, width, height }) {
  for (let n = 1; n < ROWS; n += 1) {
    const runs = widths(data, width, Math.floor((height * n) / ROWS));
    const found = decode(runs) ?? decode([...runs].reverse());
    if (found) return found;
  }
  return null;
}

// Lengths of light and dark in turn, light first and last: a pixel is dark when it is darker than its surroundings.
function widths(data, width, row) {
  const grey = new Uint8Array(width);
  for (let x = 0, at = row * width * 4; x < width; x += 1, at += 4) grey[x] = (data[at] * 3 + data[at + 1] * 6 + data[at + 2]) / 10;
  const reach = Math.max(8, width >> 4);
  let sum = 0;
  for (let x = 0; x < Math.min(reach, width); x += 1) sum += grey[x];
  const runs = [0];
  let dark = false;
  for (let x = 0; x < width; x += 1) {
    if (x + reach < width) sum += grey[x + reach];
    if (x - reach > 0) sum -= grey[x - reach - 1];
    const around = sum / (Math.min(width - 1, x + reach) - Math.max(0, x - reach) + 1);
    const now = grey[x] < around - 6;
    if (now !== dark) { runs.push(0); dark = now; }
    runs[runs.length - 1] += 1;
  }
  if (dark) runs.push(0);
  return runs;
}

function decode(runs) {
  for (let at = 1; at + 18 < runs.length; at += 2) {
    const start = sign(runs, at);
    if (start >= START_A && start <= START_C) {
      const text = follow(runs, at, start);
      if (text) return text;
    }
  }
  return null;
}

// Six lengths as the value of a sign; -1 for none. They are eleven modules together, whatever a module measures.
function sign(runs, at) {
  const total = runs.slice(at, at + 6).reduce((a, b) => a + b, 0);
  const key = runs.slice(at, at + 6).map((run) => Math.round((run * 11) / total)).join("");
  return PATTERNS.get(key) ?? (key === STOP ? 106 : -1);
}

function follow(runs, at, start) {
  const values = [start];
  for (let next = at + 6; next + 6 < runs.length; next += 6) {
    const value = sign(runs, next);
    if (value === 106) return checked(values) ? text(values.slice(0, -1)) : null;
    if (value < 0) return null;
    values.push(value);
  }
  return null;
}

function checked(values) {
  const check = values.at(-1);
  return values.length > 2 && values.slice(0, -1).reduce((sum, value, n) => sum + value * Math.max(1, n), 0) % 103 === check;
}

function text([start, ...values]) {
  let set = "ABC"[start - START_A];
  let once = "";
  let said = "";
  for (const value of values) {
    const now = once || set;
    once = "";
    if (now === "C" && value < 100) said += String(value).padStart(2, "0");
    else if (value === TO_C && now !== "C") set = "C";
    else if (value === TO_B && now !== "B") set = "B";
    else if (value === TO_A && now !== "A") set = "A";
    else if (value === SHIFT) once = now === "A" ? "B" : "A";
    else if (value < 96) said += String.fromCharCode(now === "A" && value >= 64 ? value - 64 : value + 32);
  }
  return said;
}
