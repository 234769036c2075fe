// A tune on staves, drawn as it grows: heads, stems, beams, bar lines. It is
// redrawn whole at each new note; a dance tune takes some milliseconds.

const GAP = 8; // between two lines of a staff
const STEM = 27, HEAD = 5;
const BEAM_SIGN = { "^": "♯", "^^": "𝄪", _: "♭", __: "♭♭", "=": "♮" };
const TREBLE = { up: [8, 5, 9, 6, 3, 7, 4], down: [4, 7, 3, 6, 2, 5, 1] };

// The SVG of a tune, and nothing in it but numbers and signs of our own.
function drawStaves(tune, width) {
  if (tune.sharps === undefined) return "";
  const systems = intoSystems(tune, width);
  let open = ""; // the ending that goes on from line to line
  const drawn = systems.map((system, k) => {
    const found = drawSystem(tune, system, width, k, open);
    open = found.open;
    return found;
  });
  let y = 0;
  const parts = drawn.map(({ svg, top, bottom }) => {
    const moved = `<g transform="translate(0 ${(y - top).toFixed(1)})">${svg}</g>`;
    y += bottom - top;
    return moved;
  });
  return `<svg viewBox="0 0 ${width} ${Math.max(y, 1).toFixed(0)}" aria-hidden="true">${parts.join("")}</svg>`;
}

const baseOf = (written) => 2 ** Math.floor(Math.log2(written * 1.001));
const isDotted = (written) => written > 1.45 * baseOf(written);
const yOf = (step) => (6 - step) * GAP / 2; // 0 is the middle line

function widthOf(event) {
  if (event.kind === "bar") return event.signs === "|" ? 16 : 24;
  if (event.kind !== "note" && event.kind !== "rest") return 0;
  return 13 + 33 * Math.sqrt(event.written) + (event.shown ? 10 : 0)
    + (isDotted(event.written) ? 5 : 0);
}

function headWidth(tune, isFirst) {
  return 34 + 9 * Math.abs(tune.sharps) + (isFirst && tune.firstMeter ? 22 : 0);
}

// Bars into lines, as many as have room.
function intoSystems(tune, width) {
  const bars = [[]];
  for (const event of tune.events) {
    bars.at(-1).push(event);
    if (event.kind === "bar") bars.push([]);
  }
  const systems = [];
  let room = -1;
  for (const bar of bars.filter((events) => events.length)) {
    const size = bar.reduce((sum, event) => sum + widthOf(event), 0);
    const isNew = size > room || !systems.length;
    if (isNew) {
      room = width - 12 - headWidth(tune, !systems.length);
      systems.push({ bars: [], size: 0, room });
    }
    systems.at(-1).bars.push(bar);
    systems.at(-1).size += size;
    room -= size;
  }
  return systems;
}

function drawSystem(tune, { bars, size, room }, width, number, ending) {
  const isLast = tune.events.at(-1) === bars.at(-1).at(-1);
  const fills = !isLast || size > 0.8 * room;
  const stretch = fills ? Math.min(room / size, 1.7) : 1;
  const out = [], bounds = { top: -30, bottom: 32 };
  let x = drawHead(tune, out, number === 0);
  const placed = [];
  let open = ending ? { x: x - 2, numbers: ending } : null;
  let right = x;
  for (const bar of bars) {
    const before = placed.length;
    let position = 0;
    for (const event of bar) {
      const space = widthOf(event) * stretch;
      if (event.kind === "note" || event.kind === "rest") {
        const at = x + (event.shown ? 10 : 0) + HEAD + 2;
        placed.push({ ...event, x: at, position });
        position += event.played;
      } else if (event.kind === "bar") {
        if (open) {
          out.push(bracket(open, x + space / 2));
          open = null;
        }
        right = x + space / 2 + (event.signs === "|" || event.signs === "||" ? 0.6 : 3);
        drawBar(event, x + space / 2, out);
        if (event.numbers) open = { x: x + space / 2 + 3, numbers: event.numbers };
      } else if (event.kind === "tie" && placed.length) {
        placed.at(-1).isTied = true;
      } else if (event.kind === "tuplet") {
        placed.tuplet = { from: placed.length, count: event.count, sign: event.piece[1] };
        (placed.tuplets ??= []).push(placed.tuplet);
      }
      x += space;
    }
    drawNotes(tune, placed.slice(before), out, bounds);
  }
  const isAtEnd = bars.at(-1).at(-1).numbers; // it is drawn in the next line
  if (open && !isAtEnd) out.push(bracket(open, x));
  for (const { from, count, sign } of placed.tuplets ?? []) {
    const notes = placed.slice(from, from + count);
    if (notes.length) out.push(tupletSign(notes, sign));
  }
  placed.forEach((note, k) => {
    if (note.isTied) out.push(tieOf(note, placed[k + 1]));
  });
  const isClosed = bars.at(-1).at(-1).kind === "bar";
  const end = isClosed ? right : Math.max(x, 80);
  const lines = [-2, -1, 0, 1, 2].map((k) => `M4 ${k * GAP}H${end.toFixed(1)}`);
  out.unshift(`<path class="lines" d="${lines.join("")}"/>`);
  return {
    svg: out.join(""), open: open ? open.numbers : "",
    top: bounds.top - 12, bottom: bounds.bottom + 14,
  };
}

// A clef of our own: a spiral around the line of g, a loop, a hook.
function clef(x) {
  return `<g class="clef" transform="translate(${x} 0)">`
    + '<path d="M1 8.6C4.6 9.4 6 5.4 3.4 3.4C0 1 -4.6 4 -4.4 8.4C-4.2 13.4 0.4 16.4 5.2 15.4'
    + 'C10.6 14.2 11.6 7 7.4 4C2.4 0.6 -5.6 1.4 -8.6 6.4C-11.6 11.6 -8.8 17.8 -3.4 19.4'
    + 'M-8.6 6.4C-6.2 -1.6 6.4 -8.6 5.6 -18.6C5.4 -21.4 4.2 -23.6 3 -23.4C0.4 -23 -1 -17 -0.4 -12.4'
    + 'L4.2 22C4.8 26.6 2.2 29 -0.8 28.8"/><circle cx="-1.6" cy="26.6" r="2.6"/></g>';
}

function drawHead(tune, out, isFirst) {
  out.push(clef(20));
  const signs = tune.sharps > 0 ? TREBLE.up : TREBLE.down;
  let x = 36;
  for (let k = 0; k < Math.abs(tune.sharps); k++, x += 9) {
    const y = yOf(signs[k] + 2);
    out.push(sign(tune.sharps > 0 ? "^" : "_", x + 3, y));
  }
  if (isFirst && tune.firstMeter) {
    const [top, bottom] = tune.firstMeter;
    out.push(`<text class="meter" x="${x + 8}" y="-1">${top}</text>`);
    out.push(`<text class="meter" x="${x + 8}" y="15">${bottom}</text>`);
  }
  return headWidth(tune, isFirst) + 4;
}

const sign = (kind, x, y) =>
  `<text class="sign" x="${x.toFixed(1)}" y="${(y + 5.5).toFixed(1)}">${BEAM_SIGN[kind]}</text>`;

function drawBar({ signs }, x, out) {
  const line = (at, width) =>
    out.push(`<path class="bar" stroke-width="${width}" d="M${at.toFixed(1)} -16V16"/>`);
  const dots = (at) => [-4, 4].forEach((y) =>
    out.push(`<circle cx="${at.toFixed(1)}" cy="${y}" r="1.7"/>`));
  if (signs === "|") line(x, 1.2);
  if (signs === "||") [x - 2, x + 2].forEach((at) => line(at, 1.2));
  if (signs === "|]" || signs === ":|") { line(x - 3, 1.2); line(x + 2, 3); }
  if (signs === "|:") { line(x - 2, 3); line(x + 3, 1.2); }
  if (signs === "::") { line(x - 5, 1.2); line(x, 3); line(x + 5, 1.2); }
  if (signs.at(-1) === ":") dots(x + (signs === "::" ? 9 : 8));
  if (signs[0] === ":") dots(x - (signs === "::" ? 9 : 8));
}

function bracket({ x, numbers }, end) {
  const right = Math.max(end - 3, x + 14).toFixed(1);
  return `<path class="thin" d="M${x.toFixed(1)} -26V-34H${right}"/>`
    + `<text class="ending" x="${(x + 4).toFixed(1)}" y="-25">${numbers}.</text>`;
}

// --- notes of one bar ------------------------------------------------------

function drawNotes(tune, notes, out, bounds) {
  for (const group of intoBeams(tune, notes)) {
    const mean = group.reduce((sum, { step }) => sum + (step ?? 6), 0) / group.length;
    const up = mean < 6 ? 1 : -1;
    for (const note of group) note.up = up;
    if (group.length > 1) stems(group, up);
    for (const note of group) {
      out.push(note.kind === "rest" ? restOf(note) : noteOf(note, group.length > 1));
      if (note.kind === "rest") continue;
      const y = yOf(note.step);
      bounds.top = Math.min(bounds.top, y - 8, note.end ?? y - STEM);
      bounds.bottom = Math.max(bounds.bottom, y + 8, note.end ?? y + 8);
    }
    if (group.length > 1) out.push(beamsOf(group, up));
  }
}

// Short notes of one beat hang together.
function intoBeams(tune, notes) {
  const [top, bottom] = tune.meter ?? [4, 4];
  const isCompound = bottom === 8 && top % 3 === 0;
  const beat = isCompound ? 3 / 8 : top === 3 || top * 4 < bottom * 3 ? 1 / 4 : 1 / 2;
  const groups = [];
  let last = NaN;
  for (const note of notes) {
    const at = Math.floor((note.position + 1e-6) / beat);
    const isShort = note.kind === "note" && note.written < 0.24;
    if (isShort && at === last) groups.at(-1).push(note);
    else groups.push([note]);
    last = isShort ? at : NaN;
  }
  return groups;
}

// The beam lies between the ends of the first and the last stem, and no stem
// is too short.
function stems(group, up) {
  const stemX = ({ x }) => x + up * (HEAD - 0.6);
  const first = group[0], last = group.at(-1);
  const rise = Math.max(Math.min(yOf(last.step) - yOf(first.step), 9), -9);
  const slope = rise / (stemX(last) - stemX(first));
  const start = yOf(first.step) - up * STEM;
  const missing = group.map((note) => {
    const beam = start + slope * (stemX(note) - stemX(first));
    return STEM - 6 - up * (yOf(note.step) - beam);
  });
  const shift = Math.max(0, ...missing);
  for (const note of group) {
    note.end = start + slope * (stemX(note) - stemX(first)) - up * shift;
  }
}

function noteOf(note, isBeamed) {
  const { x, step, up, written } = note, y = yOf(step), base = baseOf(written);
  const parts = [];
  for (let line = 12; line <= step; line += 2) parts.push(ledger(x, yOf(line)));
  for (let line = 0; line >= step; line -= 2) parts.push(ledger(x, yOf(line)));
  if (note.shown) parts.push(sign(note.shown, x - 13, y));
  const head = base >= 1 ? "whole" : base >= 0.5 ? "half" : "full";
  parts.push(`<ellipse class="${head}" cx="${x.toFixed(1)}" cy="${y}" rx="5.2" ry="3.7" transform="rotate(-22 ${x.toFixed(1)} ${y})"/>`);
  if (isDotted(written)) {
    const dotY = step % 2 ? y : y - GAP / 2;
    parts.push(`<circle cx="${(x + 9).toFixed(1)}" cy="${dotY}" r="1.6"/>`);
  }
  if (base < 1) {
    const stemX = x + up * (HEAD - 0.6), end = note.end ?? y - up * STEM;
    parts.push(`<path class="stem" d="M${stemX.toFixed(1)} ${y - up}V${end.toFixed(1)}"/>`);
    if (!isBeamed) parts.push(flags(stemX, end, up, base));
  }
  return `<g class="note" data-at="${note.at}">${parts.join("")}</g>`;
}

const ledger = (x, y) =>
  `<path class="ledger" d="M${(x - 8).toFixed(1)} ${y}H${(x + 8).toFixed(1)}"/>`;

function flags(x, end, up, base) {
  const count = Math.max(Math.round(-Math.log2(base)) - 2, 0);
  return Array.from({ length: count }, (_, k) => {
    const y = end + up * 6 * k;
    return `<path class="flag" d="M${x.toFixed(1)} ${y.toFixed(1)}q1 ${up * 6} 6 ${up * 9}q3 ${up * 4} 0 ${up * 9}q1 ${-up * 5} -6 ${-up * 11}z"/>`;
  }).join("");
}

function beamsOf(group, up) {
  const stemX = ({ x }) => x + up * (HEAD - 0.6);
  const beam = (from, to, level) => {
    const down = up * level * 5.5;
    return `<path class="beam" d="M${stemX(from).toFixed(1)} ${(from.end + down).toFixed(1)}L${stemX(to).toFixed(1)} ${(to.end + down).toFixed(1)}"/>`;
  };
  const parts = [beam(group[0], group.at(-1), 0)];
  const level = ({ written }) => Math.max(Math.round(-Math.log2(baseOf(written))) - 2, 1);
  for (const depth of [1, 2]) {
    group.forEach((note, k) => {
      if (level(note) <= depth) return;
      const next = group[k + 1], last = group[k - 1];
      if (next && level(next) > depth) parts.push(beam(note, next, depth));
      else if (!(last && level(last) > depth)) {
        const toward = last ?? next, share = 7 / Math.abs(stemX(toward) - stemX(note));
        const stub = {
          x: note.x + share * (toward.x - note.x),
          end: note.end + share * (toward.end - note.end),
        };
        parts.push(beam(note, stub, depth));
      }
    });
  }
  return parts.join("");
}

function restOf({ x, written, at }) {
  const base = baseOf(written), dot = isDotted(written)
    ? `<circle cx="${(x + 8).toFixed(1)}" cy="-4" r="1.6"/>` : "";
  const move = `<g class="rest" data-at="${at}" transform="translate(${x.toFixed(1)} 0)">`;
  const close = `</g>${dot}`;
  if (base >= 1) return `${move}<rect x="-6" y="-8" width="12" height="4"/>${close}`;
  if (base >= 0.5) return `${move}<rect x="-6" y="-4" width="12" height="4"/>${close}`;
  if (base >= 0.25) {
    return `${move}<path class="stem" stroke-width="2.4" d="M-2 -12L3 -5L-2 0L3 7C-2 4 -4 9 0 12"/>${close}`;
  }
  const hooks = Math.max(Math.round(-Math.log2(base)) - 2, 1);
  const drawn = Array.from({ length: hooks }, (_, k) =>
    `<circle cx="${-3 - k}" cy="${-4 + 7 * k}" r="2.1"/><path class="stem" d="M${-3 - k} ${-2.5 + 7 * k}q4 1.5 ${7 - k} -3"/>`);
  return `${move}${drawn.join("")}<path class="stem" d="M4 -5.5L-1 ${6 + 5 * (hooks - 1)}"/>${close}`;
}

function tieOf(from, to) {
  const y = yOf(from.step ?? 6) + from.up * 8, x = from.x + 5;
  const end = to ? to.x - 5 : from.x + 22;
  const bend = y + from.up * 6;
  return `<path class="tie" d="M${x.toFixed(1)} ${y}Q${((x + end) / 2).toFixed(1)} ${bend} ${end.toFixed(1)} ${y}"/>`;
}

function tupletSign(notes, text) {
  const x = (notes[0].x + notes.at(-1).x) / 2, up = notes[0].up ?? 1;
  const ends = notes.map((note) => note.end ?? yOf(note.step ?? 6) - up * STEM);
  const y = up > 0 ? Math.min(...ends) - 4 : Math.max(...ends) + 12;
  return `<text class="tuplet" x="${x.toFixed(1)}" y="${y.toFixed(1)}">${text}</text>`;
}
