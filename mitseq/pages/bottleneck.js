// Encoder, decoder, bottleneck: a sentence grows, and translators follow it.

const main = document.querySelector("main");
const page = JSON.parse(main.dataset.page);
const at = (id) => document.getElementById(id);
const { source, target, ids } = page;
const MOST_WORDS = 60;

// --- from a sentence to its translations -----------------------------------

let translators = [];
const language = new Language(page.language);
const known = new Map(source.map((word, id) => [word.toLowerCase(), id]).slice(ids.unknown + 1));
const cut = (text) => text.match(/[\p{L}\p{N}_]+(?:['’][\p{L}\p{N}_]+)*|[^\p{L}\p{N}_\s]/gu) ?? [];
const idsOf = (words) => [...words.map((word) => known.get(word.toLowerCase()) ?? ids.unknown), ids.end];

// What each translator writes, and how much of it is right.
const translated = new Map();
function translate(words) {
  const text = words.join(" ");
  if (!translated.has(text)) {
    const right = language.translate(words);
    translated.set(text, translators.map((translator) => {
      const found = translator.write(idsOf(words), ids);
      const written = found.ids.map((id) => target[id]);
      return { ...found, words, written, right, share: right && shareOf(written, right) };
    }));
  }
  return translated.get(text);
}

// Words at their place, of the longer of the two.
function shareOf(written, right) {
  const hits = written.filter((word, t) => word === right[t]).length;
  return hits / Math.max(written.length, right.length);
}

const now = { stages: [], stage: 0, t: 0, means: null, growing: 0, playing: 0 };
const wordsNow = () => now.stages[now.stage];
const foundNow = () => translate(wordsNow());

// --- what is shown ---------------------------------------------------------

function element(name, className, text) {
  const found = document.createElement(name);
  if (className) found.className = className;
  if (text !== undefined) found.textContent = text;
  return found;
}

function svgElement(name, attributes, text) {
  const found = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  if (text !== undefined) found.textContent = text;
  return found;
}

const percent = (p) => `${Math.round(100 * p)} %`;
const best = (weights, count) => [...weights.keys()].sort((a, b) => weights[b] - weights[a]).slice(0, count);
const shown = (word) => known.has(word.toLowerCase()) ? word : `${word} ?`;
const readWords = (words) => [...words.map(shown), "end"];

function showTranslator(card, found) {
  const { words, written, right, share, weights, context } = found;
  const t = Math.min(now.t, written.length - 1), looks = weights[t];
  const judged = card.querySelector(".right");
  const hits = right && written.filter((word, k) => word === right[k]).length;
  judged.textContent = right ? `${hits} of ${right.length} words right` : "no rule says what is right";
  card.querySelector(".source").replaceChildren(...readWords(words).map((word, s) => {
    const chip = element("span", "", word);
    if (word === "end" && s === words.length) chip.className = "visually-hidden";
    if (looks) chip.style.background = `rgb(var(--look) / ${(0.6 * looks[s]).toFixed(3)})`;
    return chip;
  }));
  paintVector(card.querySelector("canvas"), Object.values(context));
  const size = Object.values(context).reduce((sum, { length }) => sum + length, 0);
  card.querySelector(".size").textContent = looks
    ? `${size} numbers, and all ${words.length + 1} states of the encoder to look at`
    : `${size} numbers for ${words.length} words: nothing else arrives`;
  card.querySelector(".target").replaceChildren(...writtenWords(written, right, t));
  card.querySelector(".looks").textContent = !written.length ? "It writes nothing."
    : looks
      ? `“${written[t]}” looks at ${best(looks, 3).map((s) => `“${readWords(words)[s]}” ${percent(looks[s])}`).join(", ")}.`
      : `“${written[t]}” is written from the vector, and from what was written before.`;
}

// A word that is wrong is struck out, with the right one below it.
function writtenWords(written, right, t) {
  const missing = right ? right.slice(written.length).map(() => "–") : [];
  return [...written, ...missing].map((word, k) => {
    const isWrong = right && word !== right[k];
    const button = element("button", `${isWrong ? "wrong" : ""} ${k === t ? "now" : ""}`.trim());
    button.type = "button";
    button.append(element("span", "word", word));
    if (isWrong) {
      button.append(element("span", "visually-hidden", " is wrong, right is "));
      button.append(element("span", "should", right[k] ?? "nothing"));
    }
    if (k === t) button.setAttribute("aria-current", "step");
    button.disabled = k >= written.length;
    button.addEventListener("click", () => chooseWord(button, k));
    return button;
  });
}

// The keyboard stays at the word, which is drawn anew.
function chooseWord(button, k) {
  const card = button.closest(".translator");
  pause();
  now.t = k;
  show();
  card.querySelectorAll(".target button")[k].focus();
}

function paintVector(canvas, vectors) {
  const style = getComputedStyle(main), values = vectors.flatMap((vector) => [...vector]);
  const rows = Math.ceil(values.length / 64), columns = Math.ceil(values.length / rows), cell = 8;
  [canvas.width, canvas.height] = [columns * cell, rows * cell];
  const context = canvas.getContext("2d");
  const [warm, cold] = ["--warm", "--cold"].map((name) => style.getPropertyValue(name));
  values.forEach((value, k) => {
    context.fillStyle = `rgb(${value < 0 ? cold : warm} / ${Math.min(Math.abs(value), 1).toFixed(3)})`;
    context.fillRect(k % columns * cell, Math.floor(k / columns) * cell, cell, cell);
  });
}

// The words that were written down, those that were read across.
function showGrid() {
  const found = foundNow().find(({ weights }) => weights[0]);
  if (!found) {
    at("about-grid").textContent = "No translator here has attention: there is nothing to see.";
    at("grid").replaceChildren();
    return;
  }
  const { words, written, weights } = found, cell = 20;
  const across = readWords(words), down = [...written, "end"].slice(0, weights.length);
  const longest = (list) => Math.max(...list.map((word) => word.length)) * 7.2 + 12;
  const left = longest(down), top = longest(across);
  const width = left + across.length * cell + 2, height = top + down.length * cell + 2;
  const told = written.map((word, t) => `${word}: ${across[best(weights[t], 1)[0]]}`).join(", ");
  const svg = svgElement("svg", { width, height, role: "img", "aria-label": `Alignment. ${told}` });
  svg.append(svgElement("rect", { class: "back", x: left, y: top, width: across.length * cell, height: down.length * cell, rx: 4 }));
  across.forEach((word, s) => {
    const x = left + (s + 0.5) * cell;
    svg.append(svgElement("text", { x, y: top - 5, transform: `rotate(-90 ${x} ${top - 5}) translate(0 4)` }, word));
  });
  down.forEach((word, t) => {
    const y = top + t * cell;
    svg.append(svgElement("text", { x: left - 5, y: y + 14, "text-anchor": "end" }, word));
    weights[t].forEach((weight, s) => {
      if (weight < 0.02) return;
      const square = svgElement("rect", { class: "cell", x: left + s * cell + 1, y: y + 1, width: cell - 2, height: cell - 2, rx: 3, "fill-opacity": weight.toFixed(3) });
      square.append(svgElement("title", {}, `${word} looks at ${across[s]}: ${percent(weight)}`));
      svg.append(square);
    });
  });
  const t = Math.min(now.t, down.length - 1);
  svg.append(svgElement("rect", { class: "row", x: left, y: top + t * cell, width: across.length * cell, height: cell, rx: 3 }));
  at("grid").replaceChildren(svg);
  at("about-grid").textContent = "A row is a word that is written, a column one that is read; nobody has shown it which belong together. Choose a row by its word above.";
}

// --- right words, by length ------------------------------------------------

const PLOT = { left: 42, right: 388, top: 12, bottom: 208, most: 40 };
const xOf = (words) => PLOT.left + Math.min(words, PLOT.most) / PLOT.most * (PLOT.right - PLOT.left);
const yOf = (share) => PLOT.bottom - share * (PLOT.bottom - PLOT.top);
const lineOf = (points) => points.map(([words, share], k) =>
  `${k ? "L" : "M"}${xOf(words).toFixed(1)} ${yOf(share).toFixed(1)}`).join("") || "M0 0";

function mark(number, [words, share], size) {
  const x = xOf(words), y = yOf(share);
  if (number % 2) return svgElement("rect", { class: "dot", x: x - size, y: y - size, width: 2 * size, height: 2 * size });
  return svgElement("circle", { class: "dot", cx: x, cy: y, r: size });
}

function showPlot() {
  const svg = at("plot"), { left, right, top, bottom } = PLOT;
  const label = (x, y, text, anchor) => svgElement("text", { class: "soft", x, y, "text-anchor": anchor }, text);
  svg.replaceChildren(svgElement("path", { class: "axis", d: `M${left} ${top}V${bottom}H${right}` }));
  for (const share of [0, 0.5, 1]) {
    if (share) svg.append(svgElement("path", { class: "rule", d: `M${left} ${yOf(share)}H${right}` }));
    svg.append(label(left - 6, yOf(share) + 4, percent(share), "end"));
  }
  for (const words of [10, 20, 30, 40]) svg.append(label(xOf(words), bottom + 16, words, "middle"));
  svg.append(label((left + right) / 2, bottom + 34, "words of the sentence", "middle"));
  const said = [];
  translators.forEach(({ name }, number) => {
    const group = svgElement("g", { class: `k${number % 3}` });
    const points = now.stages.slice(0, now.stage + 1).map((words) => [words.length, translate(words)[number].share]);
    const judged = points.filter(([, share]) => share !== null);
    if (now.means) {
      group.append(svgElement("path", { class: "mean", d: lineOf(now.means[number]) }));
      for (const point of now.means[number]) group.append(mark(number, point, 2.5));
    }
    group.append(svgElement("path", { class: "path", d: lineOf(judged) }));
    if (judged.length) {
      group.append(mark(number, judged.at(-1), 5.5));
      said.push(`${name}: ${percent(judged.at(-1)[1])} of ${judged.at(-1)[0]} words`);
    }
    svg.append(group);
  });
  svg.setAttribute("aria-label", said.join("; ") || "No right translation is known");
}

// The others: as many sentences of each number of clauses.
async function measure() {
  at("measure").disabled = true;
  const sums = translators.map(() => []);
  let done = 0;
  for (const group of page.asked) {
    const shares = translators.map(() => 0);
    let words = 0;
    for (const text of group) {
      const found = translate(cut(text));
      found.forEach(({ share }, k) => { shares[k] += share; });
      words += found[0].words.length;
      at("measured").textContent = `${done += 1} sentences measured.`;
      await new Promise((go) => setTimeout(go));
    }
    shares.forEach((sum, k) => sums[k].push([words / group.length, sum / group.length]));
  }
  now.means = sums;
  const told = translators.map(({ name }, k) =>
    `${name}: ${sums[k].map(([, share]) => percent(share)).join(", ")}`);
  at("measured").textContent = `Dashed: ${page.asked[0].length} sentences each of ${page.asked.map((_, k) => k + 1).join(", ")} clauses. ${told.join(". ")}.`;
  at("measure").disabled = false;
  showPlot();
}

// --- controls --------------------------------------------------------------

function show() {
  const words = wordsNow(), found = foundNow();
  document.querySelectorAll(".translator").forEach((card, k) => showTranslator(card, found[k]));
  at("length").value = now.stage + 1;
  at("length-is").textContent = `${words.length} words`;
  showGrid();
  showPlot();
}

function readSentence() {
  pause();
  const words = cut(at("sentence").value).slice(0, MOST_WORDS);
  now.stages = language.stages(words.length ? words : ["."]);
  at("length").max = now.stages.length;
  now.stage = now.stages.length - 1;
  now.t = 0;
}

function goTo(stage) {
  now.stage = Math.min(Math.max(stage, 0), now.stages.length - 1);
  now.t = 0;
  show();
}

function pause() {
  clearInterval(now.growing);
  clearInterval(now.playing);
  [now.growing, now.playing] = [0, 0];
  at("grow").textContent = "Let it grow";
  at("play").textContent = "Word by word";
}

function grow() {
  const wasGrowing = now.growing;
  pause();
  if (wasGrowing) return;
  if (now.stage === now.stages.length - 1) goTo(0);
  at("grow").textContent = "Pause";
  now.growing = setInterval(() => {
    goTo(now.stage + 1);
    if (now.stage === now.stages.length - 1) pause();
  }, 1300);
}

function play() {
  const wasPlaying = now.playing;
  pause();
  if (wasPlaying) return;
  const last = Math.max(...foundNow().map(({ written }) => written.length)) - 1;
  if (now.t >= last) now.t = -1;
  at("play").textContent = "Pause";
  const next = () => {
    now.t += 1;
    show();
    if (now.t >= last) pause();
  };
  next();
  now.playing = setInterval(next, 800);
}

function another() {
  const all = page.asked.at(-1);
  const place = all.indexOf(at("sentence").value);
  at("sentence").value = all[(place + 1) % all.length];
  readSentence();
  goTo(0);
}

function listen() {
  at("sentence").addEventListener("input", () => {
    readSentence();
    show();
  });
  at("length").addEventListener("input", () => {
    pause();
    goTo(Number(at("length").value) - 1);
  });
  at("grow").addEventListener("click", grow);
  at("play").addEventListener("click", play);
  at("another").addEventListener("click", another);
  at("measure").addEventListener("click", measure);
}

async function start() {
  const block = await readBlock();
  translators = page.translators.map((described) => new Translator(described, block));
  readSentence();
  listen();
  goTo(Math.min(3, now.stages.length - 1));
  main.dataset.isReady = "";
}

start();
