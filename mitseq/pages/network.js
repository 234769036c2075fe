// A network that runs here: layer after layer, one equation a line, as on the
// slides. A vector is a Float64Array; a matrix has a row for each output.

// --- numbers ---------------------------------------------------------------

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const ACTIVATIONS = {
  tanh: Math.tanh,
  sigmoid,
  relu: (z) => Math.max(z, 0),
  linear: (z) => z,
  hard_sigmoid: (z) => Math.min(Math.max(z / 6 + 0.5, 0), 1),
};
const zeros = (size) => new Float64Array(size);
const part = (z, k, size) => z.subarray(k * size, (k + 1) * size);

// Number by number. (A loop is several times as fast as `map`.)
function each(f, a, b = a) {
  const y = new Float64Array(a.length);
  for (let k = 0; k < y.length; k++) y[k] = f(a[k], b[k]);
  return y;
}

function plus(a, b) {
  const y = new Float64Array(a.length);
  for (let k = 0; k < y.length; k++) y[k] = a[k] + b[k];
  return y;
}

function hadamard(a, b) {
  const y = new Float64Array(a.length);
  for (let k = 0; k < y.length; k++) y[k] = a[k] * b[k];
  return y;
}

// y = W x. Two rows at a time: their sums need not wait for each other. (More
// are no faster.) Weights of 8 bits are multiplied as integers, see below.
function times(W, x) {
  if (W.values instanceof Int8Array) return timesIntegers(W, x);
  const { rows, columns, values } = W;
  const y = new Float64Array(rows);
  for (let r = 0; r < rows; r += 2) {
    const middle = (r + 1) * columns, last = Math.min(r + 1, rows - 1);
    const one = values.subarray(middle - columns, middle);
    const other = values.subarray(last * columns, (last + 1) * columns);
    let a = 0, b = 0;
    for (let k = 0; k < columns; k++) {
      a += one[k] * x[k];
      b += other[k] * x[k];
    }
    y[r] = a;
    y[last] = b;
  }
  return y;
}

// Two rows of integers stand in one number, P = first + 2^26 second, so that
// one product does for both. x is rounded to integers, from -most to most: so
// few that neither of the two sums reaches 2^25, and both can be told apart.
const SHIFT = 2 ** 26;

function packed({ rows, columns, values }) {
  const P = new Float64Array(Math.ceil(rows / 2) * columns);
  for (let r = 0; r < rows; r++) {
    const first = (r >> 1) * columns, weight = r % 2 ? SHIFT : 1;
    for (let k = 0; k < columns; k++) P[first + k] += weight * values[r * columns + k];
  }
  return { rows: Math.ceil(rows / 2), columns, values: P };
}

function timesIntegers(W, x) {
  W.packed ??= packed(W);
  const { rows, columns, scales } = W;
  const most = Math.floor(2 ** 25 / (127 * columns));
  const unit = x.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-30) / most;
  const sums = times(W.packed, each((x_k) => Math.round(x_k / unit), x));
  const y = new Float64Array(2 * sums.length);
  for (let r = 0; r < sums.length; r++) {
    const second = Math.round(sums[r] / SHIFT);
    y[2 * r] = unit * (sums[r] - second * SHIFT);
    y[2 * r + 1] = unit * second;
  }
  return hadamard(y.subarray(0, rows), scales);
}

// What a matrix holds at row r, column k.
const numberAt = ({ columns, values, scales }, r, k) =>
  scales[r] * values[r * columns + k];

function rowOf(W, r) {
  const y = new Float64Array(W.columns);
  for (let k = 0; k < y.length; k++) y[k] = numberAt(W, r, k);
  return y;
}

function sideBySide(vectors) {
  const y = new Float64Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const vector of vectors) {
    y.set(vector, at);
    at += vector.length;
  }
  return y;
}

// softmax(z / T): the lower the temperature T, the surer.
function softmax(z, T = 1) {
  const largest = z.reduce((a, b) => Math.max(a, b), -Infinity);
  const e = z.map((value) => Math.exp((value - largest) / T));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((value) => value / sum);
}

function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

// Mean 0 and variance 1, then a scale and a shift for each feature.
function normalized(x, { gamma, beta, epsilon }) {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const off = x.map((x_k) => x_k - mean);
  const size = Math.sqrt(dot(off, off) / x.length + epsilon);
  return off.map((value, k) => gamma[k] * value / size + beta[k]);
}

// A pair of features, k and k + K/2, is turned by an angle that grows with t.
function turned(x, t) {
  const half = x.length / 2;
  return x.map((x_k, k) => {
    const angle = t * 10_000 ** (-2 * (k % half) / x.length);
    const other = k < half ? -x[k + half] : x[k - half];
    return x_k * Math.cos(angle) + other * Math.sin(angle);
  });
}

// --- weights ---------------------------------------------------------------

async function unpack(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let k = 0; k < bytes.length; k++) bytes[k] = letters.charCodeAt(k);
  const unzip = new DecompressionStream("gzip");
  const stream = new Blob([bytes]).stream().pipeThrough(unzip);
  return new Response(stream).arrayBuffer();
}

// All arrays of the page. They stand in an element of their own, for a browser
// takes a second over an attribute of millions of letters.
const readBlock = () => unpack(document.getElementById("weights").textContent);

// The array that stands at a place of the block.
function arrayAt(block, place) {
  const [rows, columns = 1] = place.shape, size = rows * columns;
  if ("float" in place) return new Float32Array(block, place.float, size);
  if ("int32" in place) return new Int32Array(block, place.int32, size);
  if ("steps" in place) return sums(new Float64Array(block, place.steps, size));
  let values, scales = new Float64Array(rows).fill(1);
  if ("int8" in place) {
    values = new Int8Array(block, place.int8, size);
    scales = Float64Array.from(new Float32Array(block, place.scales, rows));
  } else {
    const halves = new Uint16Array(block, place.half, size);
    values = Float32Array.from(halves, halfPrecision);
  }
  return { rows, columns, values, scales };
}

const sums = (steps) => {
  let sum = 0;
  return steps.map((step) => sum += step);
};

// Sign, five bits of exponent, ten bits behind the leading one.
function halfPrecision(bits) {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31, mantissa = bits & 1023;
  if (!exponent) return sign * mantissa * 2 ** -24;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

// --- layers ----------------------------------------------------------------
// Each has `step`, from what enters at step t to what leaves. A recurrent one
// keeps its state; `seen` holds what it computed at the last step, by name.

const LAYERS = {
  embedding: ({ E }) => ({ step: (id) => rowOf(E, id) }),

  feature_embedding: ({ E, offsets }) => ({
    step(features) {
      const rows = offsets.map((offset, k) => rowOf(E, offset + features[k]));
      return rows.reduce(plus);
    },
  }),

  concatenate: () => ({
    step: (...vectors) => sideBySide(vectors),
  }),

  dense: ({ W, b, activation }) => ({
    step: (x) => each(ACTIVATIONS[activation], plus(times(W, x), b)),
  }),

  norm: (weights) => ({ step: (x) => normalized(x, weights) }),

  // Keys and values of all steps before are kept.
  attention({ W_q, W_k, W_v, W_o, heads, rotary }) {
    const size = W_q.rows / heads, turn = rotary ? turned : (x) => x;
    const split = (x) => Array.from({ length: heads }, (_, n) => part(x, n, size));
    return {
      reset() { this.state = { K: [], V: [] }; },
      step(x_t) {
        const { K, V } = this.state, t = K.length;
        const Q = split(times(W_q, x_t)).map((q) => turn(q, t));
        K.push(split(times(W_k, x_t)).map((k) => turn(k, t)));
        V.push(split(times(W_v, x_t)));
        const found = Q.map((q, n) => {
          const scores = K.map((k) => dot(q, k[n]) / Math.sqrt(size));
          const y = zeros(size);
          softmax(scores).forEach((weight, s) => {
            for (let k = 0; k < size; k++) y[k] += weight * V[s][n][k];
          });
          return y;
        });
        return times(W_o, sideBySide(found));
      },
    };
  },

  // a = x + attention(normalize(x)),  y = a + feed_forward(normalize(a))
  block({ parts }) {
    const { attention_norm, attention, feed_forward_norm, expand, contract } = parts;
    return {
      reset: () => attention.reset(),
      step(x_t) {
        const a = plus(x_t, attention.step(attention_norm.step(x_t)));
        const inside = expand.step(feed_forward_norm.step(a));
        return plus(a, contract.step(inside));
      },
    };
  },

  rnn({ W_x, W_h, b, units, activation }) {
    const f = ACTIVATIONS[activation];
    return {
      reset() { this.state = { h: zeros(units) }; },
      step(x_t) {
        const { h: h_prev } = this.state;
        const z = plus(plus(times(W_x, x_t), times(W_h, h_prev)), b);
        const h = each(f, z);
        this.state = { h };
        this.seen = { h_prev, z, h };
        return h;
      },
    };
  },

  lstm({ W_x, W_h, b, units, activation, recurrent_activation }) {
    const tanh = ACTIVATIONS[activation];
    const gate = ACTIVATIONS[recurrent_activation];
    return {
      reset() { this.state = { h: zeros(units), c: zeros(units) }; },
      step(x_t) {
        const { h: h_prev, c: c_prev } = this.state;
        const z = plus(plus(times(W_x, x_t), times(W_h, h_prev)), b);
        const f = each(gate, part(z, 0, units));
        const i = each(gate, part(z, 1, units));
        const c_tilde = each(tanh, part(z, 2, units));
        const o = each(gate, part(z, 3, units));
        const c = plus(hadamard(f, c_prev), hadamard(i, c_tilde));
        const h = hadamard(o, each(tanh, c));
        this.state = { h, c };
        this.seen = { h_prev, c_prev, z, f, i, c_tilde, o, c, h };
        return h;
      },
    };
  },

  gru(weights) {
    const { W_x, W_h, b, units, reset_after, W_hh, b_hh } = weights;
    const tanh = ACTIVATIONS[weights.activation];
    const gate = ACTIVATIONS[weights.recurrent_activation];
    return {
      reset() { this.state = { h: zeros(units) }; },
      step(x_t) {
        const { h: h_prev } = this.state;
        const z_x = plus(times(W_x, x_t), b), z_h = times(W_h, h_prev);
        const z = each(gate, plus(part(z_x, 0, units), part(z_h, 0, units)));
        const r = each(gate, plus(part(z_x, 1, units), part(z_h, 1, units)));
        const past = reset_after
          ? hadamard(r, plus(part(z_h, 2, units), b_hh))
          : times(W_hh, hadamard(r, h_prev));
        const h_tilde = each(tanh, plus(part(z_x, 2, units), past));
        const new_ = hadamard(each((z_k) => 1 - z_k, z), h_tilde);
        const h = plus(hadamard(z, h_prev), new_);
        this.state = { h };
        this.seen = { h_prev, z, r, h_tilde, h };
        return h;
      },
    };
  },
};

// A whole sequence through a recurrent layer, from a state of zeros.
function passThrough(layer, vectors) {
  layer.reset();
  return vectors.map((x_t) => layer.step(x_t));
}

// --- the network -----------------------------------------------------------

// A layer as it is described, with the arrays of the block in their places.
function layerOf(layer, block) {
  const read = Object.entries(layer).map(([name, value]) =>
    [name, value?.shape ? arrayAt(block, value) : value]);
  const weights = Object.fromEntries(read);
  // a layer of layers
  if (layer.parts) weights.parts = Object.fromEntries(
    Object.entries(layer.parts).map(([name, inner]) => [name, layerOf(inner, block)]));
  return Object.assign(LAYERS[layer.kind](weights), {
    kind: layer.kind, name: layer.name, from: layer.from, weights,
  });
}

class Network {
  constructor(layers, block) {
    this.layers = layers.map((layer) => layerOf(layer, block));
    this.reset();
  }

  reset() {
    for (const layer of this.layers) layer.reset?.();
  }

  // The index of what stands at step t in, the logits of what follows out.
  step(id) {
    const said = { ids: id };
    let logits;
    for (const layer of this.layers) {
      const entering = layer.from.map((name) => said[name]);
      if (layer.weights.units) [this.entered] = entering; // of the last cell
      logits = said[layer.name] = layer.step(...entering);
      logits?.outputs?.forEach((output, k) => {
        said[`${layer.name}:${k}`] = output;
      });
    }
    return logits;
  }

  get recurrent() {
    return this.layers.filter((layer) => layer.weights.units);
  }
}
