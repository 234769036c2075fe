// Inside a cell: what each gate and state is at each step, and of which numbers.

const main = document.querySelector("main");
const page = JSON.parse(main.dataset.page);
const at = (id) => document.getElementById(id);

// --- what each cell computes -----------------------------------------------
// `name` as in `seen` of network.js; `kind` says how it is colored; `numbers`
// spells the equation of one unit: what stands behind `=`, line by line.

const gate = (symbol, name, letter, row, gist) => ({
  name, symbol, kind: "gate", gist,
  math: `${symbol} = σ(W_x${letter} x_t + W_h${letter} h_t−1 + b_${letter})`,
  numbers: (cell, k) => inside(cell, row, k, "σ", cell.seen[name][k]),
});

const CELLS = {
  rnn: [{
    name: "h", symbol: "h_t", kind: "state",
    gist: "The new state: what the input says and what the past says, squashed.",
    math: "h_t = tanh(W_xh x_t + W_hh h_t−1 + b_h)",
    numbers: (cell, k) => inside(cell, 0, k, "tanh", cell.seen.h[k]),
  }],
  lstm: [
    gate("f_t", "f", "f", 0, "Forget: which share of the old memory stays."),
    gate("i_t", "i", "i", 1, "Store: which share of the candidate is written."),
    {
      name: "c_tilde", symbol: "c̃_t", kind: "state",
      gist: "The candidate: what could be written into the memory.",
      math: "c̃_t = tanh(W_xc x_t + W_hc h_t−1 + b_c)",
      numbers: (cell, k) => inside(cell, 2, k, "tanh", cell.seen.c_tilde[k]),
    },
    {
      name: "c", symbol: "c_t", kind: "state",
      gist: "Update: the memory is multiplied and added to, never sent through a matrix.",
      math: "c_t = f_t ∗ c_t−1 + i_t ∗ c̃_t",
      numbers: ({ seen: { f, c_prev, i, c_tilde, c } }, k) => [
        `${n(f[k])} ∗ ${n(c_prev[k])} + ${n(i[k])} ∗ ${n(c_tilde[k])}`,
        `${n(f[k] * c_prev[k])} + ${n(i[k] * c_tilde[k])}`, n(c[k]),
      ],
    },
    gate("o_t", "o", "o", 3, "Output: which share of the memory is shown."),
    {
      name: "h", symbol: "h_t", kind: "state",
      gist: "What is shown: to the next step, and to the layer above.",
      math: "h_t = o_t ∗ tanh(c_t)",
      numbers: ({ seen: { o, c, h } }, k) => [
        `${n(o[k])} ∗ tanh(${n(c[k])})`, `${n(o[k])} ∗ ${n(Math.tanh(c[k]))}`, n(h[k]),
      ],
    },
  ],
  gru: [
    gate("z_t", "z", "z", 0, "Update: which share of the old state is kept."),
    gate("r_t", "r", "r", 1, "Reset: how much of the past the candidate sees."),
    {
      name: "h_tilde", symbol: "h̃_t", kind: "state",
      gist: "The candidate: the input, and what the reset gate lets through of the past.",
      math: "h̃_t = tanh(W_xh x_t + b_h + r_t ∗ (W_hh h_t−1 + b_hh))",
      numbers: ({ weights, x_t, seen: { r, h_prev, h_tilde } }, k) => {
        const row = 2 * weights.units + k, b = weights.b[row];
        const says = dot(weights.W_x, row, x_t) + b;
        if (!weights.reset_after) return [n(h_tilde[k])];
        const past = dot(weights.W_h, row, h_prev) + weights.b_hh[k];
        return [
          `tanh(${n(says)} + ${n(r[k])} ∗ ${n(past)})`,
          `tanh(${n(says + r[k] * past)})`, n(h_tilde[k]),
        ];
      },
    },
    {
      name: "h", symbol: "h_t", kind: "state",
      gist: "The new state: between the old one and the candidate.",
      math: "h_t = z_t ∗ h_t−1 + (1 − z_t) ∗ h̃_t",
      numbers: ({ seen: { z, h_prev, h_tilde, h } }, k) => [
        `${n(z[k])} ∗ ${n(h_prev[k])} + ${n(1 - z[k])} ∗ ${n(h_tilde[k])}`,
        `${n(z[k] * h_prev[k])} + ${n((1 - z[k]) * h_tilde[k])}`, n(h[k]),
      ],
    },
  ],
};

const n = (value) => `${value < -0.004 ? "−" : ""}${Math.abs(value).toFixed(2)}`;

function dot(W, row, x) {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += numberAt(W, row, k) * x[k];
  return sum;
}

// f(what the input says + what the past says + the bias)
function inside({ weights, x_t, seen }, gateNumber, k, f, value) {
  const row = gateNumber * weights.units + k;
  const says = dot(weights.W_x, row, x_t);
  const past = dot(weights.W_h, row, seen.h_prev), b = weights.b[row];
  return [
    `${f}(${n(says)} + ${n(past)} + ${n(b)})`, `${f}(${n(says + past + b)})`, n(value),
  ];
}

// --- reading a sentence or a tune ------------------------------------------

const now = { reader: 0, network: 0, t: 0, unit: 0, equation: 0, steps: [], playing: 0 };
const reader = () => page.readers[now.reader];
const MOST_STEPS = { words: 60, tunes: 120 };

const words = (text) => text.match(/[\p{L}\p{N}_]+(?:['’][\p{L}\p{N}_]+)*|[^\p{L}\p{N}_\s]/gu) ?? [];

// The pieces of what is to be read; those that are not known are left out of a
// tune, and are one and the same word in a sentence.
function piecesToRead() {
  const { is_music: isMusic, level, known } = reader();
  if (!isMusic) return words(at("sentence").value).slice(0, MOST_STEPS.words);
  const tune = at("tune").value, pieces = level === "token" ? tune.match(PIECE) ?? [] : [...tune];
  return pieces.filter((piece) => known.has(piece)).slice(0, MOST_STEPS.tunes);
}

function idOf(piece) {
  const { is_music: isMusic, known, unknown } = reader();
  return known.get(isMusic ? piece : piece.toLowerCase()) ?? unknown;
}

// All steps of the network that is chosen: the cell, its input, what it says.
function readAll() {
  const network = reader().running[now.network];
  network.reset();
  now.steps = ["", ...piecesToRead()].map((word, t) => {
    const id = t ? idOf(word) : page.start;
    const logits = network.step(id);
    const [layer] = network.recurrent;
    const { weights, kind, seen } = layer;
    return { word, id, kind, weights, seen, x_t: network.entered, p: softmax(logits) };
  });
  now.t = Math.min(now.t, now.steps.length - 1);
  const { units } = now.steps[0].weights;
  now.unit = Math.min(now.unit, units - 1);
  at("unit").max = units;
}

const cellNow = () => now.steps[now.t];
const equationsNow = () => CELLS[cellNow().kind];
const visible = (piece) => piece.replace(/\n/g, "⏎").replace(/^ $/, "␣");
const shownWord = ({ word, id }, t) =>
  t === 0 ? "start" : id === reader().unknown ? `${word} ?` : visible(word);
const shownToken = (id) => id === page.end ? "end" : visible(reader().tokens[id]);

// --- colors ----------------------------------------------------------------

function paint(canvas, values, kind, columns) {
  const style = getComputedStyle(main);
  const [gate, cold, warm] = ["--gate", "--cold", "--warm"].map((name) => style.getPropertyValue(name));
  const rows = Math.ceil(values.length / columns);
  if (canvas.width !== columns * 8) [canvas.width, canvas.height] = [columns * 8, rows * 8];
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  values.forEach((value, k) => {
    const color = kind === "gate" ? gate : value < 0 ? cold : warm;
    context.fillStyle = `rgb(${color} / ${Math.min(Math.abs(value), 1)})`;
    context.fillRect(k % columns * 8, Math.floor(k / columns) * 8, 8, 8);
  });
  context.strokeStyle = style.getPropertyValue("--ink");
  context.lineWidth = 1;
  context.strokeRect(now.unit % columns * 8 + 0.5, Math.floor(now.unit / columns) * 8 + 0.5, 7, 7);
}

function unitUnder(event, canvas, columns) {
  const box = canvas.getBoundingClientRect();
  const column = Math.floor((event.clientX - box.left) / box.width * columns);
  const row = Math.floor((event.clientY - box.top) / box.height * canvas.height / 8);
  return row * columns + column;
}

function canvasOf(values, kind, label, columns = 8) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  paint(canvas, [...values], kind, columns);
  canvas.addEventListener("click", (event) => {
    chooseUnit(unitUnder(event, canvas, columns));
  });
  return canvas;
}

// --- all steps, or one -----------------------------------------------------

function element(name, className, text) {
  const found = document.createElement(name);
  if (className) found.className = className;
  if (text !== undefined) found.textContent = text;
  return found;
}

// The table stands until something else is read; a step only marks its column.
function showUnrolled() {
  if (now.drawn !== now.steps) drawUnrolled();
  else if (now.drawnUnit !== now.unit) {
    for (const { canvas, values, kind } of now.canvases) paint(canvas, values, kind, 8);
  }
  Object.assign(now, { drawn: now.steps, drawnUnit: now.unit });
  const box = at("unrolled");
  for (const row of box.querySelectorAll("tr")) {
    [...row.querySelectorAll("td")].forEach((cell, t) => { cell.className = stateOf(t); });
  }
  box.querySelector("[aria-current]")?.removeAttribute("aria-current");
  box.querySelector(".now .word").setAttribute("aria-current", "step");
  const column = box.querySelector(".now"), right = column.offsetLeft + column.offsetWidth;
  if (right > box.scrollLeft + box.clientWidth - 8) box.scrollLeft = right - box.clientWidth + 40;
  if (column.offsetLeft < box.scrollLeft + 60) box.scrollLeft = column.offsetLeft - 90;
}

function drawUnrolled() {
  const table = element("table", "grid"), body = element("tbody");
  const addRow = (title, cellOf) => {
    const row = element("tr");
    title.scope = "row";
    row.append(title);
    now.steps.forEach((step, t) => {
      const cell = element("td");
      cell.append(cellOf(step, t));
      row.append(cell);
    });
    body.append(row);
  };
  const symbolOf = (symbol) => {
    const title = element("th");
    title.append(...asMath(symbol));
    return title;
  };
  now.canvases = [];
  addRow(symbolOf("x_t"), (step, t) => {
    const button = element("button", "word", shownWord(step, t));
    button.type = "button";
    button.addEventListener("click", () => goTo(t));
    return button;
  });
  for (const { name, symbol, kind } of equationsNow()) {
    addRow(symbolOf(symbol), (step, t) => {
      const values = [...step.seen[name]];
      const canvas = canvasOf(values, kind, `${symbol} at ${shownWord(step, t)}`);
      now.canvases.push({ canvas, values, kind });
      return canvas;
    });
  }
  addRow(element("th", "guess", "next?"), ({ p }) =>
    element("span", "guess", shownToken(likeliest(p, 1)[0])));
  table.append(body);
  at("unrolled").replaceChildren(table);
}

// The score, and in it what is read at this step.
function showStaves() {
  const box = at("staves"), isMusic = reader().is_music;
  box.hidden = !isMusic;
  if (!isMusic) return;
  const pieces = now.steps.map(({ word }) => word), tune = new Tune(pieces.join(""));
  if (now.drawn !== now.steps) {
    box.innerHTML = drawStaves(tune, Math.max(Math.min(box.clientWidth, 900), 300));
  }
  const place = pieces.slice(0, now.t).join("").length;
  const here = tune.events.find(({ at: from, piece }) =>
    piece && from <= place && place < from + piece.length);
  box.querySelector(".lit")?.classList.remove("lit");
  if (here) box.querySelector(`[data-at="${here.at}"]`)?.classList.add("lit");
  const notes = tune.events.filter(({ kind }) => kind === "note").length;
  box.setAttribute("aria-label", `The score: ${notes} notes`);
}

const stateOf = (t) => t === now.t ? "now" : t > now.t ? "later" : "";

// The cell as a loop: the same weights at each step, and a state that returns.
function showRolled() {
  const equations = equationsNow(), cell = cellNow();
  const width = 430, top = 56, line = 42, height = equations.length * line + 20;
  const svg = svgElement("svg", { viewBox: `0 0 ${width} ${top + height + 74}`, width, role: "img", "aria-label": `The cell at ${shownWord(cell, now.t)}` });
  const bottom = top + height, middle = 190;
  svg.append(
    svgElement("rect", { class: "box", x: 60, y: top, width: 260, height, rx: 12 }),
    svgElement("path", { class: "wire", d: `M${middle} ${bottom + 44}V${bottom + 10}` }),
    svgElement("path", { class: "tip", d: `M${middle} ${bottom + 2}l-5 10h10z` }),
    svgElement("path", { class: "wire", d: `M${middle} ${top}V30` }),
    svgElement("path", { class: "tip", d: `M${middle} 20l-5 10h10z` }),
    svgElement("path", { class: "loop", d: `M320 ${top + 24}h28q22 0 22 22v${height - 92}q0 22 -22 22h-18` }),
    svgElement("path", { class: "loop-tip", d: `M322 ${top + height - 24}l10 -5v10z` }),
  );
  const label = (x, y, text, className = "") => svgElement("text", { x, y, class: className, "text-anchor": "middle" }, text);
  svg.append(
    label(middle, bottom + 66, `x: ${shownWord(cell, now.t)}`),
    label(middle, 14, `ŷ: ${likeliest(cell.p, 1).map((id) => shownToken(id))}?`),
    label(400, top + height / 2 + 5, "state", "small"),
  );
  equations.forEach(({ name, kind, symbol }, row) => {
    const y = top + 14 + row * line;
    svg.append(label(88, y + 20, plain(symbol)));
    const image = svgElement("foreignObject", { x: 112, y, width: 196, height: 32 });
    const canvas = canvasOf(cell.seen[name], kind, `${symbol} at this step`, 16);
    canvas.style.width = "192px";
    canvas.style.height = "24px";
    image.append(canvas);
    svg.append(image);
  });
  at("rolled").replaceChildren(svg);
}

const plain = (symbol) => symbol.replace("_t", "ₜ");

function svgElement(name, attributes, text) {
  const found = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  if (text !== undefined) found.textContent = text;
  return found;
}

// --- the equations, and what comes next ------------------------------------

// Text in which `h_t` stands with its index below.
function asMath(text) {
  return text.split(/(_[a-z]+(?:−1)?)/).map((part) => {
    if (part[0] !== "_") return document.createTextNode(part);
    return element("sub", "", part.slice(1));
  });
}

function showEquations() {
  const cell = cellNow(), equations = equationsNow();
  now.equation = Math.min(now.equation, equations.length - 1);
  const box = at("equations");
  if (box.dataset.kind !== cell.kind) {
    box.dataset.kind = cell.kind;
    box.replaceChildren(...equations.map(({ math }, k) => {
      const button = element("button", "equation");
      button.type = "button";
      const text = element("span", "math");
      text.append(...asMath(math));
      button.append(text, element("span", "value"));
      for (const event of ["mouseenter", "focus", "click"]) {
        button.addEventListener(event, () => showNumbers(k));
      }
      return button;
    }));
  }
  equations.forEach(({ name }, k) => {
    box.children[k].lastChild.textContent = n(cell.seen[name][now.unit]);
  });
  showNumbers(now.equation);
}

function showNumbers(k) {
  now.equation = k;
  const cell = cellNow(), { symbol, gist, numbers } = equationsNow()[k];
  [...at("equations").children].forEach((button, place) => {
    button.classList.toggle("chosen", place === k);
  });
  const lines = numbers(cell, now.unit).map((text, line) => {
    const shown = element("p", "code");
    if (line === 0) shown.append(...asMath(`${symbol}[${now.unit + 1}] `));
    shown.append(`${line ? "\u00a0\u00a0" : ""}= ${text}`);
    return shown;
  });
  at("numbers").replaceChildren(element("p", "gist", gist), ...lines);
}

const likeliest = (p, count) =>
  [...p.keys()].sort((a, b) => p[b] - p[a]).slice(0, count);

function showWords() {
  const { p } = cellNow(), best = likeliest(p, 7);
  at("words").replaceChildren(...best.map((id) => {
    const item = element("li"), size = element("span", "size");
    size.style.width = `${(100 * p[id] / p[best[0]]).toFixed(1)}%`;
    item.append(element("span", "", shownToken(id)), size,
      element("span", "share", `${(100 * p[id]).toFixed(1)} %`));
    return item;
  }));
  const next = now.steps[now.t + 1];
  at("really").textContent = next
    ? `Really next: “${shownWord(next)}”, ${(100 * p[next.id]).toFixed(1)} %.` : "It ends here.";
}

// --- controls --------------------------------------------------------------

function show() {
  const isRolled = document.querySelector('input[name="view"]:checked').value === "rolled";
  at("rolled").hidden = !isRolled;
  at("unrolled").hidden = isRolled;
  showStaves();
  if (isRolled) showRolled();
  else showUnrolled();
  at("step-is").textContent = `${now.t} of ${now.steps.length - 1}: “${shownWord(cellNow(), now.t)}”`;
  at("unit").value = now.unit + 1;
  showEquations();
  showWords();
  at("back").disabled = at("first").disabled = now.t === 0;
  at("forward").disabled = at("last").disabled = now.t === now.steps.length - 1;
}

function goTo(t) {
  now.t = Math.min(Math.max(t, 0), now.steps.length - 1);
  show();
}

function chooseUnit(unit) {
  now.unit = Math.min(Math.max(Math.round(unit) || 0, 0), Number(at("unit").max) - 1);
  show();
}

function pause() {
  clearInterval(now.playing);
  now.playing = 0;
  at("play").textContent = "Play";
}

function play() {
  if (now.playing) return pause();
  if (now.t === now.steps.length - 1) goTo(0);
  at("play").textContent = "Pause";
  now.playing = setInterval(() => {
    goTo(now.t + 1);
    if (now.t === now.steps.length - 1) pause();
  }, 900);
  return undefined;
}

function listen() {
  const moves = { first: () => 0, back: () => now.t - 1, forward: () => now.t + 1, last: () => now.steps.length - 1 };
  for (const [id, to] of Object.entries(moves)) {
    at(id).addEventListener("click", () => {
      pause();
      goTo(to());
    });
  }
  at("play").addEventListener("click", play);
  at("unit").addEventListener("change", () => chooseUnit(Number(at("unit").value) - 1));
  for (const id of ["sentence", "tune"]) {
    at(id).addEventListener("input", () => {
      readAll();
      show();
    });
  }
  at("networks").addEventListener("change", (event) => {
    now.network = Number(event.target.value);
    readAll();
    show();
  });
  at("reads")?.addEventListener("change", (event) => readAs(Number(event.target.value)));
  at("another").addEventListener("click", () => {
    const tunes = JSON.parse(at("another").dataset.tunes);
    const next = (tunes.findIndex((tune) => tune.trim() === at("tune").value.trim()) + 1) % tunes.length;
    at("tune").value = tunes[next];
    readAll();
    goTo(now.t);
  });
  at("views").addEventListener("change", show);
}

function readAs(number) {
  pause();
  now.reader = number;
  const { is_music: isMusic } = reader();
  at("of-words").hidden = isMusic;
  at("of-tunes").hidden = at("another").hidden = !isMusic;
  now.t = Infinity;
  readAll();
  const { steps } = now;
  const asked = steps.findLastIndex((_, t) => steps[t + 1]?.word === "|");
  goTo(isMusic ? asked : steps.length - 3); // where a bar line, a word is asked for
}

async function start() {
  const block = await readBlock();
  for (const each of page.readers) {
    each.running = each.networks.map(({ layers }) => new Network(layers, block));
    const spelled = each.is_music ? (token) => token : (token) => token.toLowerCase();
    const first = each.is_music ? 3 : each.unknown + 1; // no word is "unknown"
    each.known = new Map(each.tokens.map((token, id) => [spelled(token), id]).slice(first));
  }
  now.network = Number(document.querySelector('input[name="network"]:checked').value);
  listen();
  readAs(0);
  main.dataset.isReady = "";
}

start();
