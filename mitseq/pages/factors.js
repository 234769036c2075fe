// The product of factors: a recurrent network of one unit, forward and back.

const at = (id) => document.getElementById(id);
const numberOf = (id) => Number(at(id).value);

// An activation, and its derivative told by what it gave.
const ACTIVATIONS = {
  tanh: [Math.tanh, (h) => 1 - h * h],
  sigmoid: [(z) => 1 / (1 + Math.exp(-z)), (h) => h * (1 - h)],
  relu: [(z) => Math.max(z, 0), (h) => h > 0 ? 1 : 0],
  identity: [(z) => z, () => 1],
};

// h_t = activation(W h_{t-1} + x); with gates, what W and x say is only added:
// h_t = f h_{t-1} + (1 - f) activation(W h_{t-1} + x).
function forward({ W, T, x, activation, f }) {
  const [act] = ACTIVATIONS[activation];
  const states = [0.5], candidates = [null];
  for (let t = 1; t <= T; t++) {
    const h_prev = states[t - 1];
    const h_tilde = act(W * h_prev + x);
    candidates.push(h_tilde);
    states.push(f === null ? h_tilde : f * h_prev + (1 - f) * h_tilde);
  }
  return { states, candidates };
}

// dh_t/dh_{t-1} = W act'(z_t), or with gates f + (1 - f) W act'(z_t).
function factorsOf(setting) {
  const { W, T, activation, f } = setting;
  const { states, candidates } = forward(setting);
  const [, slope] = ACTIVATIONS[activation];
  const factors = [null];
  for (let t = 1; t <= T; t++) {
    const through = W * slope(candidates[t]);
    factors.push(f === null ? through : f + (1 - f) * through);
  }
  return { states, candidates, factors };
}

// dh_T/dh_t = factor_{t+1} ... factor_T, for t = 0 ... T.
function productsOf(factors) {
  const products = [];
  let product = 1;
  for (let t = factors.length - 1; t >= 0; t--) {
    products[t] = product;
    product *= factors[t] ?? 1;
  }
  return products;
}

// dh_T/dW = sum_t dh_T/dh_t act'(z_t) h_{t-1}: what training would follow.
function gradientOfWeight({ T, activation, f }, { states, candidates }, products) {
  const [, slope] = ACTIVATIONS[activation];
  let sum = 0;
  for (let t = 1; t <= T; t++) {
    const share = f === null ? 1 : 1 - f;
    sum += products[t] * share * slope(candidates[t]) * states[t - 1];
  }
  return sum;
}

function settingNow() {
  return {
    W: numberOf("weight"), T: numberOf("length"), x: numberOf("input"),
    activation: at("activation").value,
    f: at("gates").checked ? numberOf("forget") : null,
    most: at("clip").checked ? numberOf("norm") : null,
  };
}

function computed(setting) {
  const found = factorsOf(setting);
  const products = productsOf(found.factors);
  const gradient = gradientOfWeight(setting, found, products);
  const size = Math.abs(gradient);
  const shrink = setting.most !== null && size > setting.most ? setting.most / size : 1;
  return { ...found, products, gradient, shrink };
}

// --- the curve -------------------------------------------------------------

const LEFT = 52, TOP = 14, BARS = 84, LOWEST = -8, HIGHEST = 8;
let size = { width: 760, height: 430 };
const exponent = (value) => Math.log10(Math.max(Math.abs(value), 1e-300));
const bounded = (value, low, high) => Math.min(Math.max(value, low), high);

function scales(T) {
  const bottom = size.height - BARS - 46;
  const x = (t) => LEFT + t / T * (size.width - LEFT - 18);
  const y = (value) => TOP + (HIGHEST - bounded(exponent(value), LOWEST, HIGHEST))
    / (HIGHEST - LOWEST) * (bottom - TOP);
  const back = (pixel) => 10 ** (HIGHEST - (pixel - TOP) / (bottom - TOP) * (HIGHEST - LOWEST));
  return { x, y, back, bottom };
}

function svgElement(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

const superscript = (n) => `10${String(n).replace("-", "⁻").replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d])}`;

function drawPlot({ T }, { factors, products, shrink }) {
  const plot = at("plot"), { x, y, bottom } = scales(T);
  plot.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  const parts = [];
  for (let power = LOWEST; power <= HIGHEST; power += 4) {
    const height = y(10 ** power);
    parts.push(svgElement("path", { class: power ? "grid" : "one", d: `M${LEFT} ${height}H${size.width - 10}` }));
    parts.push(svgElement("text", { x: LEFT - 8, y: height + 4, "text-anchor": "end" }, power ? superscript(power) : "1"));
  }
  const line = (scale) => products.map((value, t) => `${t ? "L" : "M"}${x(t).toFixed(1)} ${y(scale * value).toFixed(1)}`).join("");
  if (shrink < 1) parts.push(svgElement("path", { class: "raw", d: line(1) }));
  parts.push(svgElement("path", { class: "curve", d: line(shrink) }));
  const radius = T > 60 ? 2.5 : T > 35 ? 3.5 : 5;
  products.forEach((value, t) => {
    const place = { cx: x(t).toFixed(1), cy: y(shrink * value).toFixed(1) };
    const power = exponent(shrink * value), isBeyond = power < LOWEST || power > HIGHEST;
    parts.push(svgElement("circle", { class: isBeyond ? "point beyond" : "point", r: radius, ...place }));
    parts.push(svgElement("circle", { class: "grip", r: 13, "data-t": t, ...place }));
  });
  drawFactors(parts, factors, T, x, bottom);
  plot.replaceChildren(...parts);
  plot.setAttribute("aria-label", `Gradient from step ${T} back to step 0: ${short(shrink * products[0])}`);
}

// Bars of the factors: blue below 1, red above.
function drawFactors(parts, factors, T, x, bottom) {
  const base = bottom + 24 + BARS, tall = BARS - 8;
  const width = Math.max(x(1) - x(0) - 2, 1);
  const height = (value) => tall * bounded(Math.abs(value) / 2, 0, 1);
  for (let t = 1; t <= T; t++) {
    const value = Math.abs(factors[t]);
    const kind = value > 1.0005 ? "more" : value < 0.9995 ? "less" : "none";
    const bar = svgElement("rect", {
      class: kind, x: (x(t - 0.5) - width / 2).toFixed(1), width: width.toFixed(1),
      y: (base - height(value)).toFixed(1), height: Math.max(height(value), 1).toFixed(1),
    });
    bar.append(svgElement("title", {}, `step ${t}: factor ${short(factors[t])}`));
    parts.push(bar);
  }
  const one = base - height(1);
  parts.push(svgElement("path", { class: "one", d: `M${LEFT} ${one}H${size.width - 10}` }));
  parts.push(svgElement("text", { x: LEFT - 8, y: one + 4, "text-anchor": "end" }, "1"));
  parts.push(svgElement("text", { x: LEFT, y: base + 15 }, "t = 0"));
  parts.push(svgElement("text", { x: size.width - 18, y: base + 15, "text-anchor": "end" }, `t = T = ${T}`));
}

function short(value) {
  if (value === 0) return "0";
  const power = exponent(value);
  if (power >= -3 && power < 5) return String(Number(value.toPrecision(3)));
  if (Math.abs(value) < 1e-290) return "0";
  const whole = Math.floor(power);
  return `${(value / 10 ** whole).toFixed(1)} · ${superscript(whole)}`;
}

// --- dragging --------------------------------------------------------------

// The weight whose curve passes through this point: the nearest by trying all.
function weightFor(setting, t, wanted) {
  let best = setting.W, least = Infinity;
  for (let step = 0; step <= 300; step++) {
    const W = step / 100;
    const { products, shrink } = computed({ ...setting, W });
    const away = Math.abs(bounded(exponent(shrink * products[t]), -12, 12) - exponent(wanted))
      + 0.2 * Math.abs(W - setting.W);
    if (away < least) [best, least] = [W, away];
  }
  return best;
}

function startDragging() {
  const plot = at("plot");
  let t = null;
  plot.addEventListener("pointerdown", (event) => {
    if (!("t" in event.target.dataset)) return;
    t = Number(event.target.dataset.t);
    plot.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  plot.addEventListener("pointermove", (event) => {
    if (t === null) return;
    const setting = settingNow(), box = plot.getBoundingClientRect();
    const pixel = (event.clientY - box.top) / box.height * size.height;
    // at T nothing has been multiplied yet: the step before it moves
    const place = Math.min(t, setting.T - 1);
    at("weight").value = weightFor(setting, place, scales(setting.T).back(pixel));
    show();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    plot.addEventListener(end, () => { t = null; });
  }
}

// --- what is said ----------------------------------------------------------

function drawChain({ T }, { states, factors }) {
  const gap = 96, y = 62;
  const room = Math.floor((at("chain").clientWidth - 90) / gap);
  const shown = Math.min(T, Math.max(room, 2));
  const svg = svgElement("svg", { width: shown * gap + 90, height: 128, "aria-hidden": "true" });
  const first = T - shown;
  for (let k = 0; k <= shown; k++) {
    const t = first + k, x = 42 + k * gap;
    if (k < shown) {
      const factor = factors[t + 1];
      const width = bounded(1 + 2 * Math.abs(factor), 0.6, 9);
      svg.append(svgElement("path", { class: "forward", d: `M${x + 24} ${y - 8}H${x + gap - 28}` }));
      svg.append(svgElement("path", { class: "tip", d: `M${x + gap - 24} ${y - 8}l-8 -4v8z` }));
      svg.append(svgElement("path", { class: "back", d: `M${x + gap - 24} ${y + 12}H${x + 34}`, "stroke-width": width }));
      svg.append(svgElement("path", { class: "head", d: `M${x + 25} ${y + 12}l11 -6v12z` }));
      svg.append(svgElement("text", { class: "factor", x: x + gap / 2, y: y + 38 }, `× ${short(factor)}`));
    }
    const h = bounded(states[t], -1, 1), color = h < 0 ? "29 95 168" : "179 52 31";
    svg.append(svgElement("circle", { class: "state", cx: x, cy: y, r: 22, fill: `rgb(${color} / ${(0.65 * Math.abs(h)).toFixed(2)})` }));
    svg.append(svgElement("text", { x, y: y - 32 }, `h${String(t).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d])}`));
    svg.append(svgElement("text", { x, y: y + 4 }, short(Number(states[t].toFixed(2)))));
  }
  at("chain").replaceChildren(svg);
  at("chain").setAttribute("aria-label", `The last ${shown} of ${T} steps, states forward and factors back`);
}

function verdict(value) {
  const power = exponent(value);
  if (!Number.isFinite(value) || power > 3) return "It explodes";
  if (power < -3) return "It has vanished";
  return "It arrives";
}

function show() {
  const setting = settingNow(), found = computed(setting);
  const { W, T, x, f, most, activation } = setting;
  at("weight-is").textContent = W.toFixed(2);
  at("length-is").textContent = T;
  at("input-is").textContent = x.toFixed(2);
  at("forget-is").textContent = numberOf("forget").toFixed(3);
  at("norm-is").textContent = numberOf("norm").toFixed(1);
  at("forget-row").hidden = f === null;
  at("norm-row").hidden = most === null;
  at("irnn").setAttribute("aria-pressed", String(activation === "relu" && W === 1));
  const whole = found.products[0];
  at("says").replaceChildren(...asMath(`${verdict(whole)}: ∂h_T/∂h_0 = ${short(whole)}`));
  const last = [T, T - 1, T - 2].filter((t) => t >= 1).map((t) => short(found.factors[t]));
  const dots = T > 3 ? " · … " : " ";
  at("product").replaceChildren(...asMath(
    `∂h_T/∂h_0 = ${last.join(" · ")}${dots}= ${short(whole)}`));
  const rule = f === null ? "Each factor is W · act′(z_t)." : "Each factor is f + (1 − f) · W · act′(z_t): the gate alone carries it.";
  let learned = `${rule} The gradient of the weight, summed over all steps: ${short(found.gradient)}.`;
  if (found.shrink < 1) learned += ` Its norm is above ${most.toFixed(1)}, so all of it is multiplied by ${short(found.shrink)}: the step is shorter, the direction stays.`;
  else if (most !== null) learned += ` It is below ${most.toFixed(1)}: nothing is clipped, and what has vanished stays so.`;
  at("learned").replaceChildren(...asMath(learned));
  drawPlot(setting, found);
  drawChain(setting, found);
}

// Text in which h_T stands with its index below.
function asMath(text) {
  return text.split(/(_\w+)/).map((part) => {
    if (part[0] !== "_") return document.createTextNode(part);
    const index = document.createElement("sub");
    index.textContent = part.slice(1);
    return index;
  });
}

for (const id of ["weight", "length", "input", "activation", "gates", "forget", "clip", "norm"]) {
  at(id).addEventListener("input", show);
}
at("irnn").addEventListener("click", () => {
  at("activation").value = "relu";
  at("weight").value = 1;
  show();
});
startDragging();

function fit() {
  const width = Math.max(at("plot").clientWidth, 280);
  size = { width, height: width < 500 ? 400 : 430 };
  show();
}
addEventListener("resize", fit);
fit();
