// Where in the bar a tune stands, and what stood here some bars ago: the layer
// of this name, as `mitseq/tasks/music/bar_position.py` and `place_in_bar.py`
// have it. It has no weights; it counts, as a musician does.

const TICKS = 24, LONGEST = 20 * TICKS; // of one unit length, of a bar
const SLOT = TICKS / 2, SLOTS = LONGEST / SLOT;
const MOST_BARS = 40, MOST_LEFT = 9, MOST_MATCHES = 15;
const START_ID = 1;
const MEANING = [
  "length", "is_note", "is_bar", "ends_section", "is_text", "notes", "time",
  "of", "meter", "unit", "opens_repeat", "closes_repeat",
];
const NOWHERE = {
  position: 0, left: 0, time: 0, of: 0, meter: 0, unit: 0, pickup: 0, short: 0,
  bars: 0, is_open: 0, has_bar: 0, owed: 0,
};
const quotient = (a, b) => Math.floor(a / Math.max(b, 1));

// With `matches` a slot remembers two tokens: a tuplet sign or a tie takes no
// time, and the note behind it starts where it stands.
LAYERS.bar_position = ({ meanings, lags, matches }) => ({
  depth: matches ? 2 : 1,

  reset() {
    this.place = { ...NOWHERE };
    this.slots = SLOTS * this.depth;
    this.memory = new Int32Array((1 + Math.max(0, ...lags)) * this.slots);
    this.expected = lags.map(() => 0);
    this.count = lags.map(() => 0);
  },

  step(id) {
    if (id === START_ID) this.reset();
    const { place, memory, slots } = this;
    const token = Object.fromEntries(
      MEANING.map((name, k) => [name, meanings[id * MEANING.length + k]]));
    const is_first_bar = matches && token.is_bar && !place.position;
    const slot = this.slot(place);
    if (token.is_text && !is_first_bar && !memory[slot]) memory[slot] = id;
    header(place, token);
    moveOn(place, token);
    const full = fullBar(place);
    const bar = barEnd(place, token, full);
    if (bar.is_pickup) memory.fill(0, 0, slots);
    else if (bar.ends) {
      memory.copyWithin(slots, 0);
      memory.fill(0, 0, slots);
    }
    repeat(place, token, bar);
    barLine(place, token, bar);
    const here = lags.map((lag) => memory[lag * slots + this.slot(place)]);
    const told = [...features(place, full), ...here];
    return matches ? [...told, ...this.follow(id, here)] : told;
  },

  // Where a token of this place is remembered: in the second half of the slot
  // if the first one is taken.
  slot(place) {
    const slot = Math.min(Math.floor(place.position / SLOT), SLOTS - 1);
    const first = slot * this.depth;
    return matches && this.memory[first] ? first + 1 : first;
  },

  // One more for each token that was as so many bars ago; another one halves
  // the number.
  follow(id, here) {
    this.count = this.count.map((count, k) => {
      if (this.expected[k] === id) return Math.min(count + 1, MOST_MATCHES);
      return this.expected[k] ? count >> 1 : count;
    });
    this.expected = here;
    return this.count;
  },
});

// `M:` and `L:` hold until the next one, also inside a tune.
function header(place, token) {
  if (token.meter) place.meter = token.meter;
  if (token.unit) place.unit = token.unit;
}

// What a whole bar holds, 0 while that is unknown.
const fullBar = ({ meter, unit }) => unit ? quotient(TICKS * meter, unit) : 0;

// A note moves on by its length; in a tuplet, by a share of it.
function moveOn(place, token) {
  const inside = place.left > 0 && token.is_note;
  const moved = inside
    ? quotient(token.length * place.time, place.of) : token.length;
  place.position = Math.min(place.position + moved, LONGEST);
  if (inside) place.left -= 1;
  if (token.of) {
    [place.left, place.time, place.of] = [token.notes, token.time, token.of];
  }
}

// A bar line ends a bar that holds something; a short one is a pickup where it
// comes first in its section.
function barEnd(place, token, full) {
  const ends = Boolean(token.is_bar) && place.position > 0;
  const is_incomplete = place.position < full;
  const is_first = !place.bars && !place.pickup;
  return { ends, is_incomplete, is_pickup: ends && is_incomplete && is_first };
}

// The bar before `:|` and the one after `|:` make one bar.
function repeat(place, token, bar) {
  if (bar.ends && bar.is_incomplete && !place.has_bar) {
    place.owed = place.position;
  }
  if (bar.ends) place.has_bar = 1;
  if (token.closes_repeat) place.is_open = 0;
  if (token.opens_repeat) place.is_open = 1;
  if (token.opens_repeat || (token.closes_repeat && token.ends_section)) {
    place.has_bar = place.owed = 0;
  }
}

function barLine(place, token, bar) {
  if (bar.ends) place.short = bar.is_incomplete ? place.position : 0;
  if (token.ends_section) place.pickup = 0;
  if (bar.is_pickup) place.pickup = place.position;
  else if (bar.ends) place.bars += 1;
  if (token.ends_section) place.bars = 0;
  if (bar.ends) place.position = 0;
  if (token.is_bar) place.left = 0;
}

function features(place, full) {
  const missing = full - place.position, toClose = missing - place.owed;
  const more = (ticks) => ticks < 0 ? 0 : Math.min(ticks, LONGEST) + 1;
  return [
    place.position,
    more(missing),
    Math.min(Math.floor(place.pickup / (SLOT / 2)), SLOTS * 2),
    Math.min(Math.floor(place.short / (SLOT / 2)), SLOTS * 2),
    Math.min(place.bars, MOST_BARS),
    Math.min(place.left, MOST_LEFT),
    place.is_open,
    full > 0 ? more(toClose) : 0,
  ];
}
