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
  const keys = [...section.querySelectorAll(".key")];
  const askers = square ? keys : [...section.querySelectorAll(".query")];
  const said = section.querySelector(".said");
  const canvas = section.querySelector("canvas");
  const choice = section.querySelector("select");
  let weights = new Float32Array(size);

  function load() {
    const all = choice.value === "mean";
    const heads = all ? [...Array(map.heads).keys()] : [Number(choice.value)];
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
    const mean = new Float32Array(map.columns);
    for (let i = 0; i < size; i++)
      mean[i % map.columns] += weights[i] / map.rows;
    return mean;
  }

  function show(query) {
    const found = row(query);
    const most = Math.max(...found) || 1;
    keys.forEach((key, i) => {
      const share = found[i] / most;
      key.style.backgroundColor = `rgba(0, 114, 178, ${0.75 * share})`;
      key.title = found[i].toFixed(3);
    });
    askers.forEach((asker, i) => asker.classList.toggle("asks", i === query));
    const best = [...found.keys()].sort((a, b) => found[b] - found[a]);
    const who = query === null ? "All steps" : name(map.queries[query]);
    said.textContent = `${who} → ` + best.slice(0, 5).map(
      i => `${name(map.keys[i])} ${found[i].toFixed(2)}`).join(", ");
  }

  function name(token) {
    return `“${token.replaceAll("\n", "⏎")}”`;
  }

  function draw() {
    const cell = Math.max(2, Math.min(
      26, Math.floor(900 / Math.max(map.columns, map.rows))));
    canvas.width = map.columns * cell;
    canvas.height = map.rows * cell;
    const context = canvas.getContext("2d");
    const most = weights.reduce((a, b) => Math.max(a, b), 0) || 1;
    for (let i = 0; i < size; i++) {
      context.fillStyle = `rgb(${viridis(weights[i] / most)})`;
      context.fillRect((i % map.columns) * cell,
        Math.floor(i / map.columns) * cell, cell, cell);
    }
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
    show(i);
    said.textContent = `${name(map.queries[i])} → ${name(map.keys[j])} `
      + weights[i * map.columns + j].toFixed(3);
  });
  canvas.addEventListener("pointerleave", () => show(null));
  choice.addEventListener("change", load);
  load();
}

document.querySelectorAll("section").forEach(start);
