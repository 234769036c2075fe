// Which tokens may come next, so that the bars of a tune can still add up:
// `AddsUp` of `mitseq/tasks/music/adds_up.py`, for one tune. It counts in the
// place of bar_position.js, and beside it what a repeat, an ending and a tie
// wait for. Without it a network that errs once in a hundred notes spoils most
// of its tunes.

const HEADER = 3; // lines of it
const SIGNS = [
  "ends_line", "newline", "end", "single", "opens", "double", "final", "both",
  "closes", "first", "second", "other", "tie", "tuplet",
];
const UNCOUNTED = {
  lines: 0, filled: 0, closed: 0, pickup: 0, ending: 0, tied: 0, pitch: 0, last: 0,
};

class AddsUp {
  // `meanings` and `signs` of each token in a row, its pitch, which rests of a
  // bar notes can fill, and the different lengths that a tuplet's note may have.
  constructor({ meanings, signs, pitches, fillable, lengths }) {
    const rows = (table, names) => Array.from(pitches, (_, id) => Object.fromEntries(
      names.map((name, k) => [name, table[id * names.length + k]])));
    this.tokens = rows(meanings, MEANING);
    rows(signs, SIGNS).forEach((sign, id) => Object.assign(this.tokens[id], sign));
    this.tokens.forEach((token, id) => { token.pitch = pitches[id]; });
    Object.assign(this, { fillable, lengths });
    this.reset();
  }

  reset() {
    this.place = { ...NOWHERE };
    this.tally = { ...UNCOUNTED };
  }

  read(id) {
    if (id === START_ID) this.reset();
    const { place, tally, tokens } = this, token = tokens[id];
    const before = place.position;
    header(place, token);
    moveOn(place, token);
    const full = fullBar(place), moved = place.position - before;
    const bar = barEnd(place, token, full);
    repeat(place, token, bar);
    barLine(place, token, bar);
    this.count(token, moved, full);
    tally.last = id;
  }

  count(token, moved, full) {
    const { tally } = this, inBody = tally.lines >= HEADER;
    const filled = tally.filled + moved, isBar = inBody && token.is_bar;
    // `||` and `:|` may stand inside a bar: what is filled is filled on.
    const ends = isBar && (token.single || filled >= full || !tally.closed);
    if (ends && filled && filled < full && !tally.closed) tally.pickup = filled;
    if (ends && filled) tally.closed += 1;
    tally.filled = ends || !inBody || isBar && token.second ? 0 : filled;
    if (token.first) tally.ending = 1;
    if (token.second) tally.ending = 2;
    if (isBar && token.ends_section) tally.ending = 0;
    if (token.tie) tally.tied = tally.pitch;
    if (inBody && token.is_note) [tally.tied, tally.pitch] = [0, token.pitch];
    if (token.ends_line) tally.lines += 1;
  }

  // For each token whether it may come.
  allowed() {
    const { place, tally, tokens } = this, full = fullBar(place);
    if (tally.lines < HEADER || !full) return tokens.map(() => true);
    const last = tokens[tally.last], room = full - tally.filled;
    const isOver = last.newline && tally.lines > HEADER;
    const hasEnded = (last.final || last.closes) && !last.second
      && !place.is_open && tally.closed > 0;
    const goesOn = !room || tokens.some((token) =>
      token.pitch && token.pitch === tally.pitch && this.fits(token, room));
    const found = tokens.map((token) => {
      if (token.newline) return hasEnded && !isOver;
      if (token.end) return isOver;
      if (last.final || isOver) return false;
      if (token.is_note) return this.fits(token, room) && (!tally.tied || token.pitch === tally.tied);
      if (token.is_bar) return this.mayEnd(token, last, room, full);
      if (place.left || tally.tied) return false;
      if (token.tie) return goesOn && !last.is_bar && tally.pitch > 0;
      return token.of > 0 && this.lengths.some((length) =>
        this.leaves(room, quotient(token.notes * length * token.time, token.of)));
    });
    // Where nothing can add up any more, the tune breaks off.
    if (!found.includes(true)) found[tokens.findIndex(({ end }) => end)] = true;
    return found;
  }

  // Behind a note, and those like it that a tuplet has to come, there must be
  // left what other notes can fill.
  fits({ is_note, length }, room) {
    const { left, time, of } = this.place;
    const needed = left ? quotient(length * time, of) * left : length;
    return is_note && room > 0 && this.leaves(room, needed);
  }

  leaves(room, needed) {
    const rest = room - needed;
    return rest >= 0 && Boolean(this.fillable[Math.min(rest, LONGEST)]);
  }

  mayEnd(token, last, room, full) {
    const { place, tally } = this;
    if (last.is_bar) return token.opens && this.opensBehind(last, full);
    if (place.left) return false;
    const { filled, closed, ending, tied } = tally, isFull = !room;
    const isOpen = place.is_open > 0, isPlain = !token.first && !token.second && !token.other;
    if (token.single && isPlain) return isFull || !closed && filled > 0; // a pickup
    if (token.single) return token.first && isFull && isOpen && !ending && closed > 0;
    // The bar before `:|` and the one behind `|:` make one bar.
    if (token.closes || token.both) {
      const back = filled + place.owed === full && isOpen && !tied && place.has_bar > 0;
      if (isPlain) return back && !ending;
      return token.closes && token.second && back && ending === 1;
    }
    if (isOpen || tied) return false;
    // The tune ends where its pickup fits, another section where one will.
    const fits = isFull || filled + tally.pickup === full;
    if (token.final) return isPlain && fits && closed > 0;
    if (token.double) return isPlain && closed > 0 && filled > 0;
    return token.opens && (fits || !closed);
  }

  // `|:` may stand behind another sign.
  opensBehind(last, full) {
    const { place, tally } = this;
    return (last.closes || last.double || !tally.closed) && !last.opens && !last.second
      && !place.is_open && !tally.tied && tally.filled < full;
  }
}
