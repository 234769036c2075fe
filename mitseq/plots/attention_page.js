"use strict";
// viridis at 0, 1/4, 1/2, 3/4 and 1
const STOPS = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98],
  [253, 231, 37]];

function viridis(share) {
  const at = Math.min(Math.max(share, 0), 1) * 4;
  const i = Math.min(Math.floor(at), 3);
  return STOPS[i].map((c, k) => Math.round(
    c + (at - i) * (STOPS[i + 1][k] - c)));
}

function start(section) {
  const map = JSON.parse(section.dataset.map);
  const bytes = Uint8Array.from(
    atob(section.dataset.weights), c => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const size = map.rows * map.columns;
  const square = map.rows === map.columns;
  const all = (names) => [...section.querySelectorAll(names)];
  const keys = all(".key");
  const askers = square ? keys : all(".query");
  const columns = all(".columns span");
  const rows = all(".rows span");
  const said = section.querySelector(".said");
  const canvas = section.querySelector("canvas");
  const choice = section.querySelector("select");
  let weights = new Float32Array(size);

  function chosen() {
    return choice.value === "mean"
      ? [...Array(map.heads).keys()] : [Number(choice.value)];
  }

  function load() {
    const heads = chosen();
    weights = new Float32Array(size);
    for (const h of heads)
      for (let i = 0; i < size; i++)
        weights[i] += view.getUint16(2 * (h * size + i), true)
          / 65535 / heads.length;
    draw();
    show(null);
  }

  function row(query) {
    if (query !== null)
      return weights.subarray(query * map.columns, (query + 1) * map.columns);
    const heads = chosen();
    return Float32Array.from(map.keys, (_, key) =>
      heads.reduce((sum, h) => sum + map.received[h][key], 0) / heads.length);
  }

  function show(query, key = null) {
    const found = row(query);
    const most = Math.max(...found) || 1;
    const say = value => query === null
      ? `${value.toFixed(2)} × an even share` : value.toFixed(3);
    keys.forEach((one, i) => {
      const share = found[i] / most;
      one.style.backgroundColor = `rgb(var(--look) / ${0.75 * share})`;
      one.title = say(found[i]);
    });
    askers.forEach((one, i) => one.classList.toggle("asks", i === query));
    rows.forEach((one, i) => one.classList.toggle("on", i === query));
    columns.forEach((one, i) => one.classList.toggle("on", i === key));
    section.querySelector(".of-words .most").textContent = query === null
      ? `${say(most)}: attention that a word gets`
      : `${say(most)}: weight of a word`;
    const best = [...found.keys()].sort((a, b) => found[b] - found[a]);
    const who = query === null ? "All that may look" : name(map.queries[query]);
    const whom = key === null ? best.slice(0, 5) : [key];
    const digits = key === null ? 2 : 3;
    said.textContent = `${who} → ` + whom.map(
      i => `${name(map.keys[i])} ${found[i].toFixed(digits)}`).join(", ");
  }

  function name(token) {
    return `“${token.replaceAll("\n", "⏎")}”`;
  }

  // The picture has a pixel a cell; the style sheet makes cells of them.
  function draw() {
    canvas.width = map.columns;
    canvas.height = map.rows;
    const context = canvas.getContext("2d");
    // The first steps of a causal map have few keys, so their weights are
    // large; the brightest hundredth of all must not darken the rest.
    const some = weights.filter(weight => weight > 0).sort();
    const most = some[Math.ceil(0.99 * (some.length - 1))] || 1;
    const more = some.at(-1) > most ? " and more" : "";
    for (let i = 0; i < size; i++) {
      context.fillStyle = `rgb(${viridis(weights[i] / most)})`;
      context.fillRect(
        i % map.columns, Math.floor(i / map.columns), 1, 1);
    }
    const stops = STOPS.map(stop => `rgb(${stop})`).join(", ");
    section.querySelector(".of-map .scale").style.background =
      `linear-gradient(to right, ${stops})`;
    section.querySelector(".of-map .most").textContent =
      `${most.toFixed(3)}${more}: weight in the map`;
  }

  // As large as there is room for, but a label must fit beside each cell.
  function fit() {
    const room = section.clientWidth - 175;
    const cell = Math.max(14, Math.min(
      28, Math.floor(room / Math.max(map.columns, 1))));
    section.style.setProperty("--cell", `${cell}px`);
    canvas.style.width = `${cell * map.columns}px`;
    canvas.style.height = `${cell * map.rows}px`;
  }

  askers.forEach((asker, i) => {
    asker.addEventListener("pointerenter", () => show(i));
    asker.addEventListener("focus", () => show(i));
    asker.addEventListener("pointerleave", () => show(null));
    asker.addEventListener("blur", () => show(null));
  });
  canvas.addEventListener("pointermove", event => {
    const box = canvas.getBoundingClientRect();
    const j = Math.floor((event.clientX - box.left) / box.width * map.columns);
    const i = Math.floor((event.clientY - box.top) / box.height * map.rows);
    if (i < 0 || j < 0 || i >= map.rows || j >= map.columns) return;
    show(i, j);
  });
  canvas.addEventListener("pointerleave", () => show(null));
  choice.addEventListener("change", load);
  addEventListener("resize", fit);
  fit();
  load();
}

document.querySelectorAll("section").forEach(start);
