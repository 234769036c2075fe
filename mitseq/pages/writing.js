// A network writes: one token after the other, drawn or chosen.

const main = document.querySelector("main");
const page = JSON.parse(main.dataset.page);
const at = (id) => document.getElementById(id);
const { tokens, ids, is_music: isMusic } = page;
const MOST_CHOICES = 12, MOST_TOKENS = page.most;

const writer = {
  network: null,
  rules: null, // what can still add up, of a tune of tokens
  ids: [], // what has been written, without the start
  mine: new Set(), // places that were chosen by hand
  logits: null,
  outputs: [], // of all units, after each token
  isDone: false,
};

// --- tokens and text -------------------------------------------------------

const textOf = (id) => tokens[id] ?? "";
function shownToken(id) {
  if (id === ids.end) return "the end";
  return textOf(id).replace(/\n/g, "⏎").replace(/ /g, "␣");
}

// Words stand apart, and a sentence begins with a capital letter; a sign that
// ends something stands at the word before it.
function spaced(word, before) {
  if (!page.has_words) return word;
  const isFirst = !before || /[.!?:]$/.test(before);
  const shown = isFirst ? word.slice(0, 1).toUpperCase() + word.slice(1) : word;
  const isClosing = /^[.,;:!?)\]}”»]/.test(word);
  const isGlued = !before || isClosing || /[¿¡([{„“«]$/.test(before);
  return isGlued ? shown : ` ${shown}`;
}

function pieces() {
  let before = "";
  return writer.ids.map((id) => {
    const piece = spaced(textOf(id), before);
    before += piece;
    return piece;
  });
}
const written = () => pieces().join("");

// --- writing ---------------------------------------------------------------

function begin() {
  stop();
  writer.network.reset();
  Object.assign(writer, { ids: [], mine: new Set(), outputs: [], isDone: false });
  read(ids.start);
  show();
}

function read(id) {
  writer.logits = writer.network.step(id);
  writer.rules?.read(id);
}

// What may come: padding and a second start may not, and what cannot add up any
// more only if somebody wants to see it.
function probabilities() {
  const z = Float64Array.from(writer.logits);
  for (const id of ids.banned) z[id] = -Infinity;
  if (writer.rules && at("rules").checked) {
    writer.rules.allowed().forEach((may, id) => { if (!may) z[id] = -Infinity; });
  }
  const T = Number(at("temperature").value);
  return softmax(z, T);
}

function draw(p) {
  let left = Math.random();
  for (let id = 0; id < p.length; id++) {
    left -= p[id];
    if (left < 0) return id;
  }
  return p.indexOf(Math.max(...p));
}

// The next token: the one that is wished for in the header, or one drawn.
function nextToken() {
  const id = draw(probabilities());
  for (const wish of isMusic ? ["meter", "key"] : []) {
    const wished = at(wish).value;
    const letter = wish === "meter" ? "M:" : "K:";
    if (wished && textOf(id).startsWith(letter)) return Number(wished);
  }
  return id;
}

function take(id, byHand = false) {
  if (byHand) writer.mine.add(writer.ids.length);
  if (id === ids.end || writer.ids.length >= MOST_TOKENS) {
    writer.isDone = true;
    stop();
    return;
  }
  writer.ids.push(id);
  read(id);
  const outputs = writer.network.recurrent.map((layer) => layer.state.h);
  writer.outputs.push(sideBySide(outputs));
}

// --- the pace --------------------------------------------------------------

let running = 0; // the number of this run, 0 if none

function stop() {
  running = 0;
  at("write").textContent = "Write";
}

// At full speed the network writes for FRAME milliseconds, then what can be
// followed is drawn; what each unit does, when it stands still.
const FRAME = 40;

async function run() {
  if (writer.isDone) begin();
  const mine = running = Date.now() + Math.random();
  at("write").textContent = "Pause";
  let count = 0, since = performance.now();
  while (running === mine && !writer.isDone) {
    const pace = at("pace").value, isFull = pace === "0", start = performance.now();
    do {
      take(nextToken());
      count += 1;
    } while (isFull && !writer.isDone && performance.now() - start < FRAME);
    if (isFull) showWriting();
    else show();
    const seconds = (performance.now() - since) / 1000;
    if (isFull) at("speed").textContent = `${Math.round(count / seconds)} tokens a second`;
    else [count, since] = [0, performance.now()];
    if (isFull) await new Promise(requestAnimationFrame);
    else await wait(pace === "1" ? 700 : Math.max(soundLast(), isMusic ? 30 : 160));
  }
  if (running === mine) stop();
  show();
}

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// --- sound -----------------------------------------------------------------

let audio = null;
const strings = new Map();

function sounding() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
  return audio;
}

// Milliseconds of a whole note: three eighths or two of them at a dance's pace.
function whole(tune) {
  const [top, bottom] = tune.meter ?? [4, 4];
  const quarters = bottom === 8 && top % 3 === 0 ? 160 : bottom === 2 ? 200 : 176;
  return 4 * 60_000 / quarters;
}

function playNote({ midi }, milliseconds, when = 0) {
  const seconds = Math.max(milliseconds / 1000, 0.05) + RELEASE;
  const name = `${midi} ${seconds.toFixed(2)}`;
  if (!strings.has(name)) {
    const samples = pluck(midi, seconds);
    const fade = Math.floor(RELEASE * RATE);
    for (let k = 0; k < fade; k++) samples[samples.length - 1 - k] *= k / fade;
    const buffer = sounding().createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(samples, 0);
    strings.set(name, buffer);
  }
  const source = sounding().createBufferSource();
  source.buffer = strings.get(name);
  source.connect(sounding().destination);
  source.start(sounding().currentTime + when);
  return source;
}

// Sounds the note that was written last; returns how long it lasts.
function soundLast() {
  if (!isMusic) return 0;
  const tune = new Tune(written());
  const last = tune.events.at(-1);
  if (last?.kind !== "note" && last?.kind !== "rest") return 0;
  const milliseconds = last.played * whole(tune);
  if (last.kind === "note") {
    if (at("sound").checked) playNote(last, milliseconds);
    light(last.at);
  }
  return milliseconds;
}

function light(place) {
  for (const note of document.querySelectorAll("#staves .lit")) note.classList.remove("lit");
  document.querySelector(`#staves [data-at="${place}"]`)?.classList.add("lit");
}

let hearing = 0;
async function hear() {
  const mine = hearing = hearing ? 0 : Math.random();
  at("hear").textContent = mine ? "Stop" : "Hear it";
  if (!mine) return;
  stop();
  const tune = new Tune(written());
  for (const event of tune.events) {
    if (hearing !== mine) break;
    if (event.kind !== "note" && event.kind !== "rest") continue;
    const milliseconds = event.played * whole(tune);
    if (event.kind === "note") playNote(event, milliseconds);
    light(event.at);
    await wait(milliseconds);
  }
  if (hearing === mine) [hearing, at("hear").textContent] = [0, "Hear it"];
}

// --- what is shown ---------------------------------------------------------

function show() {
  showWriting();
  showUnits();
}

function showWriting() {
  showText();
  showChoices();
  if (isMusic) showStaves();
  showVerdict();
  at("step").disabled = writer.isDone;
}

function showText() {
  const box = at("text"), nodes = [];
  let plain = "";
  pieces().forEach((piece, place) => {
    if (!writer.mine.has(place)) plain += piece;
    else {
      const span = document.createElement("span");
      span.className = "mine";
      span.textContent = piece;
      nodes.push(plain, span);
      plain = "";
    }
  });
  box.replaceChildren(...nodes, plain);
  box.scrollTop = box.scrollHeight;
}

function showStaves() {
  const box = at("staves"), tune = new Tune(written());
  const width = Math.max(Math.min(box.clientWidth, 900), 300);
  box.innerHTML = drawStaves(tune, width);
  const starts = new Set();
  let place = 0;
  pieces().forEach((piece, k) => {
    if (writer.mine.has(k)) starts.add(place);
    place += piece.length;
  });
  for (const note of box.querySelectorAll(".note")) {
    note.classList.toggle("mine", starts.has(Number(note.dataset.at)));
  }
  const notes = tune.events.filter(({ kind }) => kind === "note").length;
  const bars = tune.events.filter(({ kind }) => kind === "bar").length;
  box.setAttribute("aria-label", `The score: ${notes} notes, ${bars} bar lines`);
  at("hear").disabled = !notes;
}

function showChoices() {
  const list = at("choices");
  if (writer.isDone) {
    list.replaceChildren();
    at("rest").textContent = "It has ended.";
    return;
  }
  const p = probabilities();
  const order = [...p.keys()].sort((a, b) => p[b] - p[a]).slice(0, MOST_CHOICES)
    .filter((id) => p[id] > 0);
  while (list.children.length > order.length) list.lastChild.remove();
  while (list.children.length < order.length) list.append(newChoice());
  order.forEach((id, k) => {
    const button = list.children[k].firstChild;
    const [token, size, share] = button.children;
    token.textContent = shownToken(id);
    size.style.width = `${(100 * p[id] / p[order[0]]).toFixed(1)}%`;
    share.textContent = percent(p[id]);
    button.dataset.id = id;
    button.setAttribute("aria-label", `${shownToken(id)}, ${percent(p[id])}`);
  });
  const shown = order.reduce((sum, id) => sum + p[id], 0);
  const others = p.filter((value) => value > 0).length - order.length;
  at("rest").textContent = others > 0 ? `${others} others: ${percent(Math.max(1 - shown, 0))}` : "";
}

const percent = (p) => p >= 0.0995 ? `${Math.round(100 * p)} %` : `${(100 * p).toFixed(1)} %`;

function newChoice() {
  const item = document.createElement("li"), button = document.createElement("button");
  button.type = "button";
  button.className = "choice";
  for (const name of ["token code", "", "share"]) {
    const span = document.createElement("span");
    span.className = name || "size";
    button.append(span);
  }
  button.addEventListener("click", () => {
    stop();
    take(Number(button.dataset.id), true);
    show();
    soundLast();
  });
  item.append(button);
  return item;
}

function showVerdict() {
  const said = at("verdict");
  said.classList.remove("wrong");
  if (!writer.isDone) said.textContent = "";
  else if (!isMusic) said.textContent = `${writer.ids.length} words.`;
  else {
    const tune = new Tune(written()), faults = tune.faults();
    const bars = tune.events.filter(({ kind }) => kind === "bar").length;
    const meter = tune.firstMeter ? ` of ${tune.firstMeter.join("/")}` : "";
    said.classList.toggle("wrong", faults.length > 0);
    const [first] = faults, more = faults.length > 1 ? `, and ${faults.length - 1} more` : "";
    said.textContent = first
      ? `✗ It does not add up: bar ${first.bar}: ${first.why}${more}.`
      : `✓ Every bar adds up: ${bars} bar lines${meter}.`;
  }
}

// --- inside ----------------------------------------------------------------

let unit = 0;

const isMark = (id) => isMusic ? /^[|:]/.test(textOf(id)) : /^[.!?]$/.test(textOf(id));
const columnsOf = (count) => 2 ** Math.ceil(Math.log2(2 * Math.sqrt(count)));

function showUnits() {
  const outputs = writer.outputs.at(-1), canvas = at("units");
  const count = outputs?.length ?? at("unit").max;
  const columns = columnsOf(count), rows = Math.ceil(count / columns);
  const cell = 5;
  [canvas.width, canvas.height] = [columns * cell, rows * cell];
  const context = canvas.getContext("2d"), style = getComputedStyle(main);
  const warm = style.getPropertyValue("--warm"), cold = style.getPropertyValue("--cold");
  outputs?.forEach((value, k) => {
    context.fillStyle = `rgb(${value > 0 ? warm : cold} / ${Math.min(Math.abs(value), 1)})`;
    context.fillRect(k % columns * cell, Math.floor(k / columns) * cell, cell, cell);
  });
  context.strokeStyle = style.getPropertyValue("--ink");
  context.strokeRect(unit % columns * cell + 0.5, Math.floor(unit / columns) * cell + 0.5, cell - 1, cell - 1);
  showTrace();
}

function showTrace() {
  const step = isMusic ? 17 : 66, height = 120, middle = height / 2;
  const values = writer.outputs.map((outputs) => outputs[unit] ?? 0);
  const y = (value) => middle - value * (middle - 8), left = step / 2 + 2;
  const svg = svgElement("svg", {
    width: Math.max(values.length * step + 20, 200), height: height + 18,
    role: "img", "aria-label": `Output of unit ${unit + 1} at ${values.length} tokens`,
  });
  svg.append(svgElement("path", { class: "zero", d: `M0 ${middle}H${values.length * step + 20}` }));
  writer.ids.forEach((id, k) => {
    const x = left + k * step;
    if (isMark(id)) svg.append(svgElement("path", { class: "mark", d: `M${x} 0V${height}` }));
    const label = svgElement("text", { x, y: height + 12 });
    label.textContent = shownToken(id).slice(0, isMusic ? 3 : 10);
    const name = svgElement("title", {});
    name.textContent = `${shownToken(id)}: h = ${values[k].toFixed(3)}`;
    label.append(name);
    svg.append(label);
  });
  const path = values.map((value, k) => `${k ? "L" : "M"}${left + k * step} ${y(value).toFixed(1)}`);
  svg.append(svgElement("path", { class: "line", d: path.join("") || "M0 0" }));
  const box = at("trace");
  const wasAtEnd = box.scrollLeft + box.clientWidth > box.scrollWidth - 60;
  box.replaceChildren(svg);
  if (wasAtEnd || running) box.scrollLeft = box.scrollWidth;
  at("unit").value = unit + 1;
}

function svgElement(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// How well each unit says, one step before, that the mark comes next.
function correlations() {
  const next = writer.ids.slice(1).map((id) => Number(isMark(id)));
  const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
  const signal = next.map((value) => value - mean(next));
  const size = Math.hypot(...signal);
  return Array.from({ length: writer.outputs[0].length }, (_, k) => {
    const values = next.map((_, t) => writer.outputs[t][k]), middle = mean(values);
    let product = 0, square = 0;
    values.forEach((value, t) => {
      product += (value - middle) * signal[t];
      square += (value - middle) ** 2;
    });
    return square && size ? product / (Math.sqrt(square) * size) : 0;
  });
}

function follow() {
  const marks = writer.ids.filter(isMark).length;
  if (marks < 3) {
    at("unit-is").textContent = "Let it write some bars first.";
    return;
  }
  const found = correlations();
  unit = found.reduce((best, r, k) => Math.abs(r) > Math.abs(found[best]) ? k : best, 0);
  showUnits();
  at("unit-is").textContent = `Unit ${unit + 1} of ${found.length} says best, one token before, that a bar line comes next: correlation ${found[unit].toFixed(2)} in ${writer.ids.length} tokens.`;
}

// --- controls --------------------------------------------------------------

function choose(number) {
  const most = writer.outputs[0]?.length ?? Number(at("unit").max);
  unit = Math.min(Math.max(Math.round(number) || 1, 1), most) - 1;
  at("unit-is").textContent = `Unit ${unit + 1} of ${most}.`;
  showUnits();
}

function fillWish(select, letter) {
  const free = new Option("as it likes", "");
  const options = [...tokens.keys()]
    .filter((id) => textOf(id).startsWith(letter))
    .map((id) => new Option(textOf(id).slice(2).trim(), id));
  select.append(free, ...options);
  select.parentElement.hidden = !options.length;
}

function listen() {
  at("write").addEventListener("click", () => {
    if (isMusic && at("sound").checked) sounding();
    if (running) stop();
    else run();
  });
  at("step").addEventListener("click", () => {
    stop();
    take(nextToken());
    show();
    soundLast();
  });
  at("again").addEventListener("click", begin);
  at("temperature").addEventListener("input", () => {
    at("temperature-is").textContent = Number(at("temperature").value).toFixed(2);
    showChoices();
  });
  at("unit").addEventListener("change", () => choose(Number(at("unit").value)));
  at("units").addEventListener("click", (event) => {
    const canvas = at("units"), box = canvas.getBoundingClientRect(), cell = 5;
    const column = Math.floor((event.clientX - box.left) / box.width * canvas.width / cell);
    const row = Math.floor((event.clientY - box.top) / box.height * canvas.height / cell);
    choose(row * canvas.width / cell + column + 1);
  });
  at("rules")?.addEventListener("change", showChoices);
  if (!isMusic) return;
  at("follow").addEventListener("click", follow);
  at("hear").addEventListener("click", hear);
  fillWish(at("meter"), "M:");
  fillWish(at("key"), "K:");
  startCopy(at("copy"), at("text"));
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) showStaves();
    width = innerWidth;
  });
}

async function start() {
  const block = await readBlock();
  writer.network = new Network(page.layers, block);
  if (page.rules) {
    const tables = Object.entries(page.rules).map(([name, place]) =>
      [name, arrayAt(block, place)]);
    writer.rules = new AddsUp(Object.fromEntries(tables));
  }
  const units = writer.network.recurrent.map((layer) => layer.weights.units);
  at("unit").max = units.reduce((a, b) => a + b, 0);
  listen();
  begin();
  main.dataset.isReady = "";
}

start();
