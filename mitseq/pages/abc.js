// A tune as a model writes it, in ABC: its notes, and whether its bars add up.
// `mitseq/tunes/` reads what people write; this reads what is normalized.

const PIECE = /[MLK]:[^\n]*\n|(?:\^{1,2}|_{1,2}|=)?[A-Ga-g][,']*\d*(?:\/\d+)?|z\d*(?:\/\d+)?|(?:\|\||\|\]|\|:|:\||::|\|)(?:\d[\d,-]*)?|\(\d(?::\d:\d)?|[^]/gu;
const NOTE = /^(\^{1,2}|_{1,2}|=)?([A-Ga-g])([,']*)(\d*)(?:\/(\d+))?$/;
const BAR = /^(\|\||\|\]|\|:|:\||::|\|)(\d[\d,-]*)?$/;
const ALTERS = { "^": 1, "^^": 2, _: -1, __: -2, "=": 0 };
const MODES = { "": 0, maj: 0, ion: 0, m: -3, min: -3, aeo: -3, mix: -1, dor: -2, phr: -4, lyd: 1, loc: -5 };
const SEMITONES = [0, 2, 4, 5, 7, 9, 11];
const near = (a, b) => Math.abs(a - b) < 1e-6;

// Sharps of a key, negative for flats; undefined for what is no key.
function sharpsOf(text) {
  const found = /^([A-G])([#b]?)([A-Za-z]*)$/.exec(text.trim());
  const fifths = found && MODES[found[3].toLowerCase().slice(0, 3)];
  if (fifths === undefined || fifths === null) return undefined;
  const turn = { "#": 7, b: -7, "": 0 }[found[2]];
  return "FCGDAEB".indexOf(found[1]) - 1 + fifths + turn;
}

function signatureOf(sharps) {
  const letters = sharps >= 0 ? "FCGDAEB" : "BEADGCF";
  const sign = sharps >= 0 ? "^" : "_";
  return Object.fromEntries(
    [...letters].slice(0, Math.abs(sharps)).map((letter) => [letter, sign]));
}

// What p notes mean without more: the time of q.
function tupletOf(piece, meter) {
  const found = /^\((\d)(?::(\d):(\d))?$/.exec(piece);
  if (!found) return undefined;
  const compound = meter && meter[1] >= 8 && meter[0] % 3 === 0 && meter[0] > 3;
  const usual = { 2: 3, 3: 2, 4: 3, 6: 2, 8: 3 };
  const p = Number(found[1]);
  const q = Number(found[2]) || usual[p] || (compound ? 3 : 2);
  return { p, q, left: Number(found[3]) || p };
}

class Tune {
  // Lengths are shares of a whole note; `at` is the place of a piece's text.
  constructor(text) {
    this.meter = this.unit = this.sharps = undefined;
    this.events = [];
    this.problems = [];
    this.bar = 0;
    this.barHasNotes = false;
    this.tuplet = { p: 1, q: 1, left: 0 };
    this.meant = {};
    let at = 0;
    for (const piece of text.match(PIECE) ?? []) {
      const isBlankLine = piece === "\n" && text[at - 1] === "\n";
      if (isBlankLine && this.sharps !== undefined) break; // the tune is over
      const isField = /^[MLK]:/.test(piece);
      if (!isField) this.read(piece, at);
      else if (!at || text[at - 1] === "\n") {
        this.field(piece[0], piece.slice(2).trim());
      } else this.complain(`${piece[0]} before no note`);
      at += piece.length;
    }
    if (this.tuplet.left) this.complain("a tuplet has too few notes");
    if (this.sharps === undefined) this.problems = [{ bar: 0, why: "no key" }];
    this.firstBar = this.numberOfFirstBar();
  }

  complain(why) { this.problems.push({ bar: this.bar, why }); }

  add(event) { this.events.push({ bar: this.bar, played: 0, ...event }); }

  read(piece, at) {
    if (piece.trim() === "") return undefined;
    if (this.sharps === undefined) return this.complain("music before the key");
    if (NOTE.test(piece) || /^z\d*(?:\/\d+)?$/.test(piece)) {
      return this.note(piece, at);
    }
    if (BAR.test(piece)) return this.barLine(piece, at);
    if (piece === "-") return this.tie();
    const tuplet = tupletOf(piece, this.meter);
    if (!tuplet) return this.complain(`unknown character ${piece}`);
    if (this.tuplet.left) return this.complain("a tuplet inside a tuplet");
    if (tuplet.p < 2 || !tuplet.q || !tuplet.left) {
      return this.complain(`${piece} is no tuplet`);
    }
    this.tuplet = tuplet;
    return this.add({ kind: "tuplet", piece, at, count: tuplet.left });
  }

  field(letter, value) {
    if (letter === "K") {
      const sharps = sharpsOf(value);
      if (sharps === undefined || Math.abs(sharps) > 7) {
        return this.complain(`${value} is no key`);
      }
      this.key = value;
      this.sharps = sharps;
      this.signature = signatureOf(sharps);
      if (!this.unit) this.unit = this.barLength < 0.75 ? 1 / 16 : 1 / 8;
      return undefined;
    }
    const found = /^(\d\d?)\/(\d\d?)$/.exec(value);
    if (letter === "M") {
      const common = { C: [4, 4], "C|": [2, 2] }[value];
      const meter = common ?? (found && [Number(found[1]), Number(found[2])]);
      const changes = this.sharps !== undefined && String(meter) !== String(this.meter);
      if (changes) this.add({ kind: "meter", meter });
      this.meter = meter;
      this.firstMeter ??= meter;
    } else if (found) {
      const unit = found[1] / found[2];
      this.scale = this.sharps === undefined ? 1 : unit / this.unit;
      if (this.sharps === undefined) this.unit = unit;
    }
    return undefined;
  }

  get barLength() {
    const meter = this.firstMeter;
    return meter ? meter[0] / meter[1] : Infinity;
  }

  note(piece, at) {
    const isRest = piece[0] === "z";
    const [, accidental, letter, octaves, top, bottom] =
      NOTE.exec(isRest ? `C${piece.slice(1)}` : piece);
    const length = Number(top || 1) / Number(bottom || 1);
    const isLength = length > 0 && Number.isFinite(length);
    const isPower = !bottom || near(Math.log2(Number(bottom)) % 1, 0);
    const isSane = isLength && isPower && Number(top || 1) <= 64 && Number(bottom || 1) <= 64;
    if (!isSane) this.complain(`a note of the length ${top}/${bottom || 1}`);
    const { p, q } = this.tuplet;
    const inside = this.tuplet.left > 0;
    if (inside) this.tuplet = { p, q, left: this.tuplet.left - 1 };
    const written = length * this.unit * (this.scale ?? 1);
    const played = inside ? written * q / p : written;
    this.barHasNotes = true;
    const event = { kind: isRest ? "rest" : "note", piece, at, written, played, inside };
    if (!isRest) Object.assign(event, this.pitch(accidental, letter, octaves));
    this.add(event);
  }

  // An accidental holds for its letter until the bar line.
  pitch(accidental, letter, octaves) {
    const name = letter.toUpperCase();
    const up = octaves.split("'").length - octaves.split(",").length;
    const octave = up + (letter === name ? 0 : 1);
    if (/[A-G],*'|[a-g]'*,/.test(letter + octaves)) {
      this.complain("' goes with small letters, `,` with big");
    }
    if (octave < -3 || octave > 4) this.complain("a note out of reach");
    if (accidental) this.meant[name] = accidental;
    const sign = this.meant[name] ?? this.signature[name] ?? "=";
    const step = 7 * octave + "CDEFGAB".indexOf(name);
    const midi = 60 + 12 * octave + SEMITONES["CDEFGAB".indexOf(name)] + ALTERS[sign];
    return { step, midi, shown: accidental, letter: name };
  }

  tie() {
    const last = this.events.some(({ kind }) => kind === "note" || kind === "rest");
    if (last) this.add({ kind: "tie" });
    else this.complain("a tie with no note before it");
  }

  // Two bar lines without a note between them are one.
  barLine(piece, at) {
    let [, signs, numbers = ""] = BAR.exec(piece);
    let bar = this.bar;
    const last = this.events.at(-1);
    if (numbers && signs !== "|" && signs !== ":|") {
      this.complain(`${signs} with an ending`);
    }
    if (last?.kind === "bar") {
      this.events.pop();
      bar = last.bar;
      if (last.numbers && numbers) this.complain("an ending without notes");
      numbers ||= last.numbers;
      const closes = last.signs[0] === ":" || signs[0] === ":";
      const opens = last.signs.at(-1) === ":" && last.signs !== ":|" || signs.at(-1) === ":";
      const isPlain = signs === "|";
      const style = isPlain ? last.signs : signs;
      if (closes) signs = opens ? "::" : ":|";
      else if (opens) signs = "|:";
      else signs = style !== "|" && !numbers ? style : "|";
    }
    if (numbers && signs.at(-1) === ":") this.complain("|: and an ending at once");
    if (this.events.length || signs.at(-1) === ":") {
      this.add({ kind: "bar", signs, numbers, at });
      this.events.at(-1).bar = bar;
    }
    if (this.barHasNotes) this.bar += 1;
    this.barHasNotes = false;
    this.meant = {};
  }

  numberOfFirstBar() {
    let length = 0;
    for (const event of this.events) {
      if (event.kind === "bar" && length) break;
      length += event.played;
    }
    const isPickup = length < this.barLength - 1e-6 && this.bar > 0;
    return isPickup && this.firstMeter ? 0 : 1;
  }

  // What does not add up: `[{ bar, why }]`, in the order of the bars.
  faults() {
    const found = [...this.problems];
    if (this.sharps === undefined) return found;
    if (!this.events.some(({ kind }) => kind === "note")) {
      return [...found, { bar: 0, why: "a tune without notes" }];
    }
    const { events, mended } = explicitRepeats(this.events);
    found.push(...mended, ...this.judge(events), ...this.unclearRepeat());
    return found
      .map(({ bar, why }) => ({ bar: bar + this.firstBar, why }))
      .sort((a, b) => a.bar - b.bar);
  }

  judge(events) {
    return [...looseTies(events), ...wrongEndings(events),
      ...wrongBars(events, this.firstMeter)];
  }

  // A `:|` behind a `||`, without `|:`: programs do not agree where to go.
  unclearRepeat() {
    let isDouble = false;
    for (const { kind, signs, numbers } of this.events) {
      if (kind !== "bar") continue;
      if (signs === "|:") return [];
      if (signs[0] === ":" || numbers) {
        if (!isDouble) return [];
        const start = { kind: "bar", signs: "|:", numbers: "", bar: 0, played: 0 };
        const { events } = explicitRepeats([start, ...this.events]);
        const why = `${signs} goes back to where?`;
        return this.judge(events).length ? [{ bar: 0, why }] : [];
      }
      isDouble ||= signs === "||";
    }
    return [];
  }
}

// --- repeats ---------------------------------------------------------------

const passesOf = (numbers) => [...numbers.matchAll(/(\d+)(?:-(\d+))?/g)]
  .flatMap(([, first, last = first]) => {
    const count = Math.max(Math.min(last, 9) - Math.min(first, 9) + 1, 0);
    return Array.from({ length: count }, (_, k) => Math.min(first, 9) + k);
  });

// Each section that ends in `:|` gets its `|:`, where none is written.
function explicitRepeats(written) {
  const events = [], mended = [];
  let begin = null, opened = false, ending = false, anyOpened = false;
  for (const event of written) {
    if (event.kind === "bar") {
      const { signs, numbers } = event;
      if ((signs[0] === ":" || numbers) && !opened && !ending) {
        if (anyOpened && (signs === "::" || signs[0] !== ":")) {
          mended.push({ bar: event.bar, why: `${signs}${numbers} with no |: before it` });
        }
        if (begin === null) {
          events.unshift({ kind: "bar", signs: "|:", numbers: "", bar: 0, played: 0 });
        } else {
          const line = events[begin];
          const start = line.signs[0] === ":" ? "::" : "|:";
          events[begin] = { ...line, signs: start, numbers: "" };
        }
        opened = anyOpened = true;
      }
      if (signs.at(-1) === ":") [opened, ending, anyOpened] = [true, false, true];
      else if (signs[0] === ":") opened = false;
      if (numbers) ending = true;
      else if (signs !== "|") {
        begin = events.length;
        ending &&= opened;
      }
    }
    events.push(event);
  }
  return { events, mended };
}

// Goes through the bar lines as they are played, sign after sign.
class Player {
  constructor(lines) {
    Object.assign(this, { lines, faults: [], start: -1, opened: false });
    Object.assign(this, { lap: 1, laps: 2, inEnding: false });
  }

  complain(place, why) { this.faults.push({ bar: this.lines[place].bar, why }); }

  * walk() {
    let place = 0, most = 10 * (this.lines.length + 1);
    while (place < this.lines.length && most--) {
      yield [place, this.lap];
      place = this.next(place);
    }
    if (most < 0) this.complain(this.lines.length - 1, "repeats that never end");
    this.neverClosed = this.opened && this.lap === 1;
  }

  begin(place) {
    [this.start, this.opened, this.lap, this.laps] = [place, true, 1, 2];
  }

  back() {
    this.lap += 1;
    return this.start + 1;
  }

  next(place) {
    const { signs, numbers } = this.lines[place], isNew = this.lap === 1;
    if (signs !== "|") this.inEnding = false;
    if (signs === "|:") {
      if (this.opened && isNew) this.complain(place, "a new |: before the :| of the last");
      this.begin(place);
    } else if (signs === "::") {
      if (this.opened && this.lap < 2) return this.back();
      if (isNew) this.complain(place, ":: with no |: before it");
      this.begin(place);
    } else if (signs === ":|") {
      if (isNew && !this.opened) this.complain(place, ":| with no |: before it");
      else if (this.lap < this.laps) return this.back();
    }
    return numbers ? this.ending(place) : place + 1;
  }

  // Enters an ending, or skips it and those behind it.
  ending(first) {
    let place = first;
    for (;;) {
      const { numbers } = this.lines[place];
      if (this.inEnding) this.complain(place, "an ending inside an ending");
      if (!this.opened && this.lap === 1) {
        this.complain(place, `ending ${numbers} with no |: before it`);
      }
      if (passesOf(numbers).includes(this.lap)) {
        this.inEnding = true;
        if (this.laps < 4) this.laps = this.lap + 1;
        return place + 1;
      }
      place += 1;
      const isPlain = ({ signs, numbers: n }) => signs === "|" && !n;
      while (place < this.lines.length && isPlain(this.lines[place])) place += 1;
      if (place === this.lines.length) {
        this.complain(place - 1, "an ending that nothing closes");
        return place;
      }
      const line = this.lines[place];
      if (line.signs[0] !== ":" || !line.numbers) return place + 1;
    }
  }
}

// --- what must add up ------------------------------------------------------

function looseTies(events) {
  const found = [], why = "a tie with no note to tie to";
  let note = null, ties = [];
  for (const event of events) {
    if (event.kind === "tie") {
      if (ties.length || !note) found.push({ bar: event.bar, why: "two ties, one note" });
      ties.push(event);
    } else if (event.kind === "note" || event.kind === "rest") {
      const fits = note && note.step === event.step && event.kind === "note";
      if (ties.length && !fits) found.push(...ties.map(({ bar }) => ({ bar, why })));
      ties = [];
      note = event.kind === "note" ? event : null;
    }
  }
  return [...found, ...ties.map(({ bar }) => ({ bar, why }))];
}

function wrongEndings(events) {
  const found = [];
  let first = false;
  for (const { kind, signs, numbers, bar } of events) {
    if (kind !== "bar") continue;
    if (numbers && !first && !passesOf(numbers).includes(1)) {
      found.push({ bar, why: `ending ${numbers} with no ending 1` });
    }
    if (numbers) first = true;
    else if (signs !== "|") first = false;
  }
  return found;
}

// A bar line closes a bar, which must have the length of the meter. A repeat or
// a double bar may stand inside one; the first bar may be a pickup.
function wrongBars(events, firstMeter) {
  const segments = [];
  let meter = firstMeter, length = 0;
  for (const event of events) {
    if (event.kind === "bar") {
      segments.push([length, meter]);
      length = 0;
    } else if (event.kind === "meter") meter = event.meter;
    else length += event.played;
  }
  const player = new Player(events.filter(({ kind }) => kind === "bar"));
  const sums = new Sums(player.faults);
  for (const [place, lap] of player.walk()) {
    const line = player.lines[place];
    sums.reach(place, ...segments[place]);
    if (line.signs === "|" || sums.isFull) sums.close(line, lap === 1);
  }
  const last = events.at(-1);
  if (player.neverClosed) {
    player.faults.push({ bar: last.bar, why: "a section begun with |: has no :|" });
  }
  sums.reach(segments.length, length, meter);
  if (sums.full && sums.filled > sums.full + 1e-6) sums.close(last, player.lap === 1);
  return player.faults;
}

class Sums {
  constructor(faults) {
    Object.assign(this, { faults, full: 0, filled: 0, bars: 0, barsAt: {} });
    Object.assign(this, { place: -1, farthest: -1, isKnown: false });
  }

  reach(place, length, meter) {
    this.barsAt[this.place] = this.bars;
    if (place <= this.place) this.bars = this.barsAt[place - 1];
    else if (place > this.place + 1) this.bars += 1; // an ending was skipped
    this.place = place;
    this.isKnown = place <= this.farthest;
    this.farthest = Math.max(this.farthest, place);
    this.meter = meter;
    this.full = meter ? meter[0] / meter[1] : 0;
    this.filled += length;
  }

  get isFull() {
    return this.full && (this.filled >= this.full - 1e-6 || this.bars <= 0);
  }

  close({ bar }, isFirstLap) {
    const { full, filled } = this;
    const wrong = full && filled > 1e-6 && !near(filled, full);
    const isPickup = !this.bars && isFirstLap;
    if (wrong && !(isPickup && filled < full)) {
      const [top, bottom] = this.meter;
      let why = `${inParts(filled, bottom)} in a ${top}/${bottom} tune`;
      const isTold = this.faults.some((f) => f.bar === bar && f.why === why);
      if (this.isKnown && !isTold) why += " when repeated";
      if (!isTold) this.faults.push({ bar, why });
    }
    if (filled > 1e-6) this.bars += 1;
    this.filled = 0;
  }
}

// A length as people say it: 7/8, or 13/16 where eighths are too long.
function inParts(length, bottom) {
  for (const parts of [1, 2, 4, 3, 6, 12, 8, 16]) {
    const top = length * bottom * parts;
    if (near(top, Math.round(top))) return `${Math.round(top)}/${bottom * parts}`;
  }
  return length.toFixed(3);
}
