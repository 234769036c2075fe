// Attention is a search: a Transformer of one block, and what it looks for.

const main = document.querySelector("main");
const page = JSON.parse(main.dataset.page);
const at = (id) => document.getElementById(id);
const { tokens } = page;

// --- the network -----------------------------------------------------------

let W; // all weights, by name

const dense = (name, x) => plus(times(W[`${name}_W`], x), W[`${name}_b`]);

// y = gamma (x - mean) / sqrt(variance + epsilon) + beta
const normalize = (name, x) => normalized(x, {
  gamma: W[`${name}_gamma`], beta: W[`${name}_beta`], epsilon: 1e-6,
});

// One head: Q, K, V, the scores, the weights, and what each word gets.
function attend(normed, head, { scaled, mask, positions }) {
  const size = W.W_q.rows / W.heads;
  const project = (matrix) => normed.map((x) => part(times(matrix, x), head, size));
  const turn = (x, t) => positions ? turned(x, t) : x;
  const Q = project(W.W_q).map(turn), K = project(W.W_k).map(turn);
  const V = project(W.W_v);
  const scale = scaled ? Math.sqrt(size) : 1;
  const scores = Q.map((q) => K.map((k) => dot(q, k) / scale));
  const hidden = (t, s) => mask && s > t;
  const weights = scores.map((row, t) =>
    softmax(Float64Array.from(row, (score, s) => hidden(t, s) ? -Infinity : score)));
  const found = weights.map((row) => V[0].map((_, k) =>
    row.reduce((sum, weight, s) => sum + weight * V[s][k], 0)));
  return { Q, K, V, scores, weights, found, hidden };
}

// a = x + [heads] W_o,  y = a + feed_forward(normalize(a))
function read(ids, settings) {
  const x = ids.map((id) => dense("width", rowOf(W.E, id)));
  const normed = x.map((x_t) => normalize("attention_norm", x_t));
  const heads = Array.from({ length: W.heads }, (_, head) => attend(normed, head, settings));
  const logits = x.map((x_t, t) => {
    const joined = sideBySide(heads.map(({ found }) => found[t]));
    const a = plus(x_t, times(W.W_o, joined));
    const inside = each(ACTIVATIONS[W.activation], dense("expand", normalize("feed_forward_norm", a)));
    return dense("logits", normalize("norm", plus(a, dense("contract", inside))));
  });
  return { heads, logits };
}

// --- what is read ----------------------------------------------------------

const now = { query: Infinity, head: 0, words: [], ids: [] };
const known = new Map();
tokens.forEach((token, id) => {
  if (id > page.unknown) known.set(token.toLowerCase(), id);
});
const cut = (text) => text.match(/[\p{L}\p{N}_]+(?:['’][\p{L}\p{N}_]+)*|[^\p{L}\p{N}_\s]/gu) ?? [];

function settings() {
  return { scaled: at("scaled").checked, mask: at("mask").checked, positions: at("positions").checked };
}
const usual = () => ({ scaled: true, mask: W.causal, positions: W.rotary });

function readSentence() {
  const words = cut(at("sentence").value).slice(0, 40);
  now.ids = [page.start, ...words.map((word) => known.get(word.toLowerCase()) ?? page.unknown)];
  now.words = ["start", ...words.map((word, k) => now.ids[k + 1] === page.unknown ? `${word} ?` : word)];
}

// --- what is shown ---------------------------------------------------------

function element(name, className, text) {
  const found = document.createElement(name);
  if (className) found.className = className;
  if (text !== undefined) found.textContent = text;
  return found;
}

const n = (value) => `${value < -0.004 ? "−" : ""}${Math.abs(value).toFixed(2)}`;
const percent = (p) => `${(100 * p).toFixed(p < 0.0995 ? 1 : 0)} %`;

function showGrid({ scores, weights, hidden }) {
  const isScores = document.querySelector('input[name="shown"]:checked').value === "scores";
  const table = element("table"), head = element("thead"), first = element("tr");
  first.append(element("td", "corner"));
  for (const word of now.words) {
    const cell = element("th");
    cell.scope = "col";
    cell.append(element("span", "", word));
    first.append(cell);
  }
  head.append(first);
  const body = element("tbody");
  const largest = Math.max(...scores.flat().map(Math.abs), 1e-9);
  now.words.forEach((word, t) => {
    const row = element("tr", t === now.query ? "now" : ""), title = element("th");
    title.scope = "row";
    const button = element("button", "asks", word);
    button.type = "button";
    button.setAttribute("aria-pressed", String(t === now.query));
    button.addEventListener("click", () => choose(t));
    title.append(button);
    row.append(title);
    now.words.forEach((other, s) => {
      const value = isScores ? scores[t][s] : weights[t][s];
      const cell = element("td", hidden(t, s) ? "hidden-key" : "", hidden(t, s) ? "·" : n(value));
      if (!hidden(t, s)) {
        const color = isScores ? value < 0 ? "--cold" : "--warm" : "--look";
        const strength = 0.6 * Math.abs(value) / (isScores ? largest : 1);
        cell.style.background = `rgb(var(${color}) / ${strength.toFixed(3)})`;
      }
      cell.title = `${word} asks ${other}: score ${n(scores[t][s])}, weight ${n(weights[t][s])}`;
      row.append(cell);
    });
    body.append(row);
  });
  table.append(head, body);
  at("grid").replaceChildren(table);
}

function showSearch({ Q, K, scores, weights, hidden }) {
  const t = now.query, { scaled } = settings();
  at("search").textContent = `“${now.words[t]}” asks; head ${now.head + 1} answers`;
  const order = [...weights[t].keys()].filter((s) => !hidden(t, s))
    .sort((a, b) => weights[t][b] - weights[t][a]).slice(0, 8);
  at("found").replaceChildren(...order.map((s) => {
    const hit = element("div", "hit"), size = element("span", "size");
    size.style.width = `${(100 * weights[t][s]).toFixed(1)}%`;
    hit.append(element("span", "", now.words[s]), size, element("span", "share", percent(weights[t][s])));
    return hit;
  }));
  const s = order[0], size = Q[t].length;
  const terms = [...Q[t]].map((q, k) => q * K[s][k]);
  const sum = terms.reduce((a, b) => a + b, 0);
  const lines = [
    `q · k(${now.words[s]}) = ${n(sum)}`,
    scaled ? `÷ √${size} = ${n(scores[t][s])}` : "not divided: the softmax is sharper",
    `softmax over ${weights[t].filter((w, k) => !hidden(t, k)).length} words = ${n(weights[t][s])}`,
  ];
  at("equation").textContent = lines.join("\n");
}

function paint(id, rows) {
  const canvas = at(id), style = getComputedStyle(main);
  const cell = 10, columns = rows[0].length;
  [canvas.width, canvas.height] = [columns * cell, rows.length * cell];
  const context = canvas.getContext("2d");
  const largest = Math.max(...rows.flatMap((row) => [...row].map(Math.abs)), 1e-9);
  rows.forEach((row, t) => row.forEach((value, k) => {
    const color = style.getPropertyValue(value < 0 ? "--cold" : "--warm");
    context.fillStyle = `rgb(${color} / ${Math.abs(value) / largest})`;
    context.fillRect(k * cell, t * cell, cell, cell);
  }));
  context.strokeStyle = style.getPropertyValue("--ink");
  context.lineWidth = 1.5;
  context.strokeRect(0.75, now.query * cell + 0.75, columns * cell - 1.5, cell - 1.5);
}

const likeliest = (p, count) => [...p.keys()].sort((a, b) => p[b] - p[a]).slice(0, count);

function showWords(logits) {
  const p = softmax(logits[now.query]), best = likeliest(p, 6);
  at("words").replaceChildren(...best.map((id) => {
    const item = element("li"), size = element("span", "size");
    size.style.width = `${(100 * p[id]).toFixed(1)}%`;
    item.append(element("span", "", tokens[id] || "end"), size, element("span", "share", percent(p[id])));
    return item;
  }));
  const before = softmax(read(now.ids, usual()).logits[now.query]);
  const [was] = likeliest(before, 1), name = tokens[was] || "end";
  const isUsual = JSON.stringify(settings()) === JSON.stringify(usual());
  at("changed").textContent = isUsual
    ? "As it has learned: all switches on."
    : `As it has learned it says “${name}”, ${percent(before[was])}; now that has ${percent(p[was])}.`;
}

function show() {
  now.query = Math.min(now.query, now.words.length - 1);
  const { heads, logits } = read(now.ids, settings());
  const head = heads[now.head];
  showGrid(head);
  showSearch(head);
  paint("Q", head.Q);
  paint("K", head.K);
  paint("V", head.V);
  paint("AV", head.found);
  showWords(logits);
}

function choose(t) {
  now.query = t;
  show();
  document.querySelector("#grid tr.now .asks").focus();
}

async function start() {
  const block = await readBlock();
  W = Object.fromEntries(Object.entries(page.weights).map(([name, value]) =>
    [name, value?.shape ? arrayAt(block, value) : value]));
  at("positions").checked = W.rotary;
  at("positions").disabled = !W.rotary;
  at("mask").checked = W.causal;
  at("sentence").addEventListener("input", () => {
    now.query = Infinity;
    readSentence();
    show();
  });
  for (const id of ["scaled", "mask", "positions", "shown"]) at(id).addEventListener("change", show);
  at("heads").addEventListener("change", (event) => {
    now.head = Number(event.target.value);
    show();
  });
  readSentence();
  show();
  main.dataset.isReady = "";
}

start();
