// What decided: tokens, n-grams and a recurrence, as the Keras model has them.

const main = document.querySelector("main");
const page = JSON.parse(main.dataset.page);
const at = (id) => document.getElementById(id);

// --- from a text to tokens -------------------------------------------------

const everywhere = ([what, by]) => [new RegExp(what, "gu"), by];
const blank = new RegExp(page.cutting.blank, "gu");
const shout = everywhere(page.cutting.shout);
const rewrites = page.cutting.rewrites.map(everywhere);
const token = new RegExp(page.cutting.token, "gu");

function tokenize(text) {
  let left = text.replace(/\p{Surrogate}/gu, "?").replace(blank, " ");
  left = left.replace(...shout).toLowerCase();
  for (const rewrite of rewrites) left = left.replace(...rewrite);
  return left.match(token) ?? [];
}

const indices = new Map(page.words.map((word, k) => [word, k + 2]));
const indexOf = (word) => indices.get(word) ?? 1; // 1 is an unknown word

// Too few known words, and nothing is read.
function isFamiliar(words) {
  if (!page.familiar) return true;
  let known = 0, unknown = 0;
  for (const word of words) {
    const id = indexOf(word);
    known += familiar[id];
    unknown += id === 1;
  }
  return known >= page.familiar.least * (known + unknown);
}
let familiar;

// --- linear parts ----------------------------------------------------------
// z = b + n^(-1/2) sum_f W[f], over the n features f of the text.

const ROW = 256;

function weigh(features, { W, b, scaled }) {
  const classes = b.length, span = W.rows / classes;
  const share = scaled ? Math.sqrt(Math.max(features.size, 1)) : 1;
  return Float64Array.from(b, (bias, c) => {
    let sum = 0;
    for (const f of features) {
      sum += numberAt(W, c * span + Math.floor(f / ROW), f % ROW);
    }
    return bias + sum / share;
  });
}

// The known words, pairs and triples: a pair is known by the key of its two.
function ngramsOf(words, { keys, num_words: V, size }) {
  const ids = words.map((word) => {
    const id = indexOf(word);
    return id > 1 ? id : 0;
  });
  const found = new Set(ids.filter(Boolean));
  let begin = ids;
  for (let n = 2; n <= size; n++) {
    begin = ids.slice(n - 1).map((last, k) => {
      const place = begin[k] && last ? placeOf(keys, begin[k] * V + last) : -1;
      return place < 0 ? 0 : V + place;
    });
    for (const feature of begin) if (feature) found.add(feature);
  }
  return found;
}

function placeOf(keys, key) {
  let low = 0, high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle] < key) low = middle + 1;
    else high = middle;
  }
  return keys[low] === key ? low : -1;
}

// The buckets of the n-grams of characters, by a hash modulo 2^64. What was
// hashed once is remembered.
const hashed = new Map();

function bucketOf(characters, part) {
  let bucket = hashed.get(characters);
  if (bucket === undefined) {
    const int64 = (value) => BigInt.asIntN(64, value);
    const multiplier = BigInt(part.multiplier), buckets = BigInt(part.buckets);
    let h = 0n;
    for (const c of characters) h = int64(h * multiplier + BigInt(c.codePointAt(0)));
    const mixed = int64(h * BigInt(part.odd)) >> 33n;
    bucket = 1 + Number(((mixed % buckets) + buckets) % buckets);
    hashed.set(characters, bucket);
  }
  return bucket;
}

function bucketsOf(words, part) {
  const joined = words.length ? ` ${words.join(" ")} ` : "  ";
  const characters = [...joined].slice(0, part.most);
  const [shortest, longest] = part.sizes, found = new Set();
  for (let n = shortest; n <= longest; n++) {
    for (let k = 0; k + n <= characters.length; k++) {
      found.add(bucketOf(characters.slice(k, k + n).join(""), part));
    }
  }
  return found;
}

// --- the part that reads in order ------------------------------------------

// The first and the last half of a long text; rare words are unknown ones.
function stepsOf(words, { num_steps: most, num_ids: V }) {
  const ids = words.map((word) => {
    const id = indexOf(word);
    return V && id >= V ? 1 : id;
  });
  if (ids.length <= most) return ids;
  const late = Math.floor(most / 2);
  return [...ids.slice(0, most - late), ...ids.slice(ids.length - late)];
}

function readInOrder(words, part) {
  let vectors = stepsOf(words, part).map((id) => part.embedding.step(id));
  let last = part.stack.at(-1).map(({ weights }) => zeros(weights.units));
  for (const [forward, backward] of part.stack) {
    const there = passThrough(forward, vectors);
    if (!backward) {
      [vectors, last] = [there, [there.at(-1) ?? last[0]]];
      continue;
    }
    const back = passThrough(backward, vectors.toReversed()).reverse();
    last = [there.at(-1) ?? last[0], back[0] ?? last[1]];
    vectors = there.map((h, t) => sideBySide([h, back[t]]));
  }
  const pooled = pool(part.pooling, vectors, sideBySide(last));
  return plus(times(part.W, pooled), part.b);
}

function pool(kind, vectors, last) {
  if (kind === "last") return last;
  const sum = vectors.reduce(plus, zeros(last.length));
  const mean = sum.map((value) => value / Math.max(vectors.length, 1));
  if (kind === "mean") return mean;
  const largest = vectors.length
    ? vectors.reduce((a, b) => each(Math.max, a, b)) : zeros(last.length);
  return sideBySide([largest, mean]);
}

// --- the vote --------------------------------------------------------------

const PARTS = {
  ngrams: (words, part) => weigh(ngramsOf(words, part), part),
  characters: (words, part) => weigh(bucketsOf(words, part), part),
  recurrent: readInOrder,
};
let parts;

// What each part says of some words, each times what its word is worth. Of two
// classes it is one number, the logit of the second less the first's.
function ask(words) {
  const read = isFamiliar(words) ? words : [];
  return parts.map((part) => {
    const z = part.worth ? PARTS[part.kind](read, part) : zeros(part.b.length);
    return lessTheFirst(z).map((value) => part.worth * value);
  });
}

const lessTheFirst = (z) => z.length === 2 ? Float64Array.of(z[1] - z[0]) : z;

const logitsOf = (said) => {
  const z = said.reduce(plus);
  return z.length === 1 ? Float64Array.from([0, z[0]]) : z;
};

// The logit of class c less the mean of the others.
function scoreOf(z, c) {
  const full = z.length === 1 ? [0, z[0]] : [...z];
  const others = full.filter((_, k) => k !== c);
  return full[c] - others.reduce((a, b) => a + b, 0) / others.length;
}

// How much each part's score falls without each of the words.
function* leaveOneOut(words, c) {
  const whole = ask(words).map((z) => scoreOf(z, c));
  for (let k = 0; k < words.length; k++) {
    const left = [...words.slice(0, k), ...words.slice(k + 1)];
    const said = ask(tokenize(left.join(" "))).map((z) => scoreOf(z, c));
    yield whole.map((score, p) => score - said[p]);
  }
}

// --- the page --------------------------------------------------------------

const MOST_WORDS = 200;
let reading = 0;

async function read() {
  const mine = ++reading;
  const words = tokenize(at("review").value);
  const said = ask(words), logits = logitsOf(said), p = softmax(logits);
  const c = p.length === 2 ? 1 : p.indexOf(Math.max(...p));
  showVerdict(p, words);
  showParts(said, c);
  const counts = [], prefixes = [];
  const found = words.length > MOST_WORDS || !isFamiliar(words)
    ? [] : leaveOneOut(words, c);
  let since = performance.now();
  for (const count of found) {
    counts.push(count);
    if (performance.now() - since > 30) {
      await new Promise((done) => setTimeout(done));
      if (mine !== reading) return;
      since = performance.now();
    }
  }
  showWords(words, counts);
  const inOrder = parts.find(({ kind, worth }) => kind === "recurrent" && worth);
  if (!inOrder || !counts.length) {
    at("along").hidden = true;
  } else {
    for (let t = 0; t <= words.length; t++) {
      const z = lessTheFirst(readInOrder(words.slice(0, t), inOrder));
      prefixes.push(inOrder.worth * scoreOf(z, c));
      if (performance.now() - since > 30) {
        await new Promise((done) => setTimeout(done));
        if (mine !== reading) return;
        since = performance.now();
      }
    }
    showLine(words, prefixes);
  }
  main.dataset.read = at("review").value;
}

const percent = (p) => `${Math.round(100 * p)} %`;
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;

function showVerdict(p, words) {
  const { classes, neutral, sides } = page;
  const best = p.indexOf(Math.max(...p));
  let text = `${classes[best]}, ${percent(p[best])}`;
  const score = sides ? p[sides[1]] - p[sides[0]] : p.length === 2 ? p[1] - p[0] : null;
  if (neutral && Math.abs(score) < neutral) text = `neutral (score ${signed(score)})`;
  if (!words.length) text = "nothing to read yet";
  else if (!isFamiliar(words)) text += ": too few of these words are known";
  at("verdict").textContent = text;
  at("scale").hidden = score === null;
  if (score === null) return;
  const turn = sides && sides[1] === 0 ? -1 : 1;
  at("needle").style.left = `${50 + 50 * turn * score}%`;
  at("between").hidden = !neutral;
  at("between").style.left = `${50 - 50 * neutral}%`;
  at("between").style.right = `${50 - 50 * neutral}%`;
  at("scale").setAttribute("aria-label", `Score ${signed(score)}, from −1 to +1`);
  [at("low").textContent, at("high").textContent] = classes;
}

function showParts(said, c) {
  const scores = said.map((z) => scoreOf(z, c));
  const largest = Math.max(...scores.map(Math.abs), 3);
  const names = [...new Set(parts.map(groupOf))];
  for (const name of names) {
    const score = scores.filter((_, k) => groupOf(parts[k]) === name).reduce((a, b) => a + b, 0);
    const box = document.querySelector(`.part[data-group="${name}"]`);
    box.querySelector("output").textContent = signed(score);
    const bar = box.querySelector(".gauge span");
    const size = 50 * Math.min(Math.abs(score) / largest, 1);
    bar.style.left = `${score < 0 ? 50 - size : 50}%`;
    bar.style.width = `${size}%`;
    bar.style.background = `rgb(var(--${score < 0 ? "against" : "for"}))`;
  }
}

const groupOf = ({ kind }) => kind === "recurrent" ? "order" : "bag";

function showWords(words, counts) {
  const groups = { all: () => true, bag: (k) => groupOf(parts[k]) === "bag", order: (k) => groupOf(parts[k]) === "order" };
  const whole = counts.map((count) => count.reduce((a, b) => a + b, 0));
  const largest = Math.max(...whole.map(Math.abs), 1);
  for (const box of document.querySelectorAll(".words")) {
    const belongs = groups[box.dataset.part];
    const values = counts.map((count) => count.filter((_, k) => belongs(k)).reduce((a, b) => a + b, 0));
    box.replaceChildren(...words.flatMap((word, k) => {
      const span = document.createElement("span");
      span.className = word === "<caps>" ? "word mark" : "word";
      span.textContent = word;
      const value = values[k] ?? 0;
      const strength = Math.min(Math.abs(value) / largest, 1) * 0.62;
      if (counts.length) {
        span.style.background = `rgb(var(--${value < 0 ? "against" : "for"}) / ${strength.toFixed(2)})`;
        span.title = signed(value);
        const said = document.createElement("span");
        said.className = "visually-hidden";
        said.textContent = ` ${signed(value)} `;
        span.append(said);
      }
      return [span, " "];
    }));
  }
}

function showLine(words, scores) {
  at("along").hidden = false;
  const step = 62, height = 150, middle = 66;
  const largest = Math.max(...scores.map(Math.abs), 1);
  const y = (value) => middle - value / largest * 52;
  const svg = svgElement("svg", {
    width: scores.length * step + 10, height, role: "img",
    "aria-label": scores.map((value, t) => `${words[t - 1] ?? "start"} ${signed(value)}`).join(", "),
  });
  svg.append(svgElement("path", { class: "zero", d: `M0 ${middle}H${scores.length * step}` }));
  const path = scores.map((value, t) => `${t ? "L" : "M"}${24 + t * step} ${y(value).toFixed(1)}`);
  svg.append(svgElement("path", { class: "path", d: path.join("") }));
  scores.forEach((value, t) => {
    const x = 24 + t * step;
    svg.append(svgElement("circle", { class: value < 0 ? "down" : "up", cx: x, cy: y(value).toFixed(1), r: 5 }));
    const label = svgElement("text", { x, y: height - 8, "text-anchor": "middle" });
    label.textContent = (words[t - 1] ?? "·").slice(0, 9);
    const number = svgElement("text", { x, y: height - 26, "text-anchor": "middle" });
    number.textContent = signed(value);
    svg.append(label, number);
  });
  at("line").replaceChildren(svg);
}

function svgElement(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// A card for the linear parts, and one for the part that reads in order.
function cards() {
  const ABOUT = {
    bag: ["The linear part", "Which words, pairs of words and pieces of words are there? It knows no order beyond that."],
    order: ["The recurrent part", "Reads word after word, and keeps in its state what it has read."],
  };
  for (const name of [...new Set(parts.map(groupOf))].sort()) {
    const card = document.createElement("section");
    card.className = "card part";
    card.dataset.group = name;
    card.setAttribute("aria-label", ABOUT[name][0]);
    const title = document.createElement("h2"), about = document.createElement("p");
    [title.textContent, about.textContent] = ABOUT[name];
    about.className = "about";
    const says = document.createElement("p"), gauge = document.createElement("span");
    says.className = "says";
    gauge.className = "gauge";
    gauge.append(document.createElement("span"));
    says.append("says ", gauge, document.createElement("output"));
    const words = document.createElement("p");
    words.className = "words";
    words.dataset.part = name;
    card.append(title, about, says, words);
    at("parts").append(card);
  }
  const [low, high] = page.classes;
  at("legend").textContent = page.classes.length === 2
    ? `Blue speaks for “${high}”, orange for “${low}”. Numbers are logits: what the parts say adds up, and so does what a word counts in them.`
    : "Blue speaks for the class that is the likeliest, orange against it.";
}

// The word in which the cursor stands, or the first one behind it.
function putInNot() {
  const box = at("review"), text = box.value;
  const cursor = box.selectionStart;
  const start = text.slice(0, cursor).search(/\S*$/);
  box.value = `${text.slice(0, start)}not ${text.slice(start)}`;
  box.focus();
  box.setSelectionRange(start + 4, start + 4);
  read();
}

async function start() {
  const block = await readBlock();
  if (page.familiar) familiar = arrayAt(block, page.familiar.is_word);
  parts = page.parts.map((part) => {
    const arrays = Object.entries(part).map(([name, value]) =>
      [name, value?.shape ? arrayAt(block, value) : value]);
    const found = Object.fromEntries(arrays);
    if (part.kind !== "recurrent") return found;
    found.embedding = layerOf(part.embedding, block);
    found.stack = part.stack.map((both) => both.map((cell) => layerOf(cell, block)));
    return found;
  });
  cards();
  at("review").addEventListener("input", read);
  at("not").addEventListener("click", putInNot);
  for (const button of document.querySelectorAll(".example")) {
    button.addEventListener("click", () => {
      at("review").value = button.textContent;
      read();
    });
  }
  await read();
  main.dataset.isReady = "";
}

start();
