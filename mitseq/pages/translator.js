// A translator: an encoder that reads both ways, a decoder that writes, and
// attention between them or none. `mitseq/tasks/translate/model.py` has it in
// Keras, `mitseq/layers/cross_attention.py` the two ways to score.

const SCORES = {
  // tanh(h_t W_q + memory_s W_k) w
  additive: ({ W_q, W_k, w }) => ({
    keys: (memory) => memory.map((h_s) => times(W_k, h_s)),
    score(h_t, keys) {
      const q = times(W_q, h_t);
      return keys.map((k) => times(w, each(Math.tanh, plus(q, k)))[0]);
    },
  }),
  // (h_t W_a) . memory_s
  dot: ({ W_a }) => ({
    keys: (memory) => memory,
    score(h_t, keys) {
      const q = times(W_a, h_t);
      return keys.map((k) => hadamard(q, k).reduce((a, b) => a + b));
    },
  }),
};

class Translator {
  constructor({ name, forward, backward, decoder, attention, combine, E_source, E }, block) {
    const layer = (described) => layerOf(described, block);
    this.name = name;
    this.E_source = arrayAt(block, E_source);
    this.E = arrayAt(block, E);
    [this.forward, this.backward, this.decoder] = [forward, backward, decoder].map(layer);
    this.combine = { W: arrayAt(block, combine.W), b: arrayAt(block, combine.b) };
    if (attention) {
      const arrays = Object.entries(attention).filter(([, value]) => value.shape)
        .map(([key, value]) => [key, arrayAt(block, value)]);
      this.attention = SCORES[attention.kind](Object.fromEntries(arrays));
    }
  }

  // The encoder: all its states side by side, and of the last ones the context.
  read(ids) {
    const x = ids.map((id) => rowOf(this.E_source, id));
    const there = passThrough(this.forward, x);
    const back = passThrough(this.backward, x.toReversed()).toReversed();
    const memory = there.map((h_s, s) => sideBySide([h_s, back[s]]));
    const context = Object.fromEntries(Object.keys(this.forward.state).map((name) =>
      [name, sideBySide([this.forward.state[name], this.backward.state[name]])]));
    return { memory, context, keys: this.attention?.keys(memory) };
  }

  // One step of the decoder: the word before in, the logits of the next out.
  step(id, { memory, keys }) {
    const h_t = this.decoder.step(rowOf(this.E, id));
    let seen = h_t, weights = null;
    if (this.attention) {
      weights = softmax(Float64Array.from(this.attention.score(h_t, keys)));
      const context_t = zeros(memory[0].length);
      memory.forEach((h_s, s) => h_s.forEach((value, k) => { context_t[k] += weights[s] * value; }));
      seen = sideBySide([context_t, h_t]);
    }
    const y = each(Math.tanh, plus(times(this.combine.W, seen), this.combine.b));
    return { logits: times(this.E, y), weights };
  }

  // Greedy: the likeliest word at each step, and where it looked for it.
  write(source, { start, end, banned }) {
    const read = this.read(source), ids = [], weights = [], sure = [];
    this.decoder.state = read.context;
    const most = 2 * source.length + 10;
    for (let id = start; ids.length < most;) {
      const step = this.step(id, read);
      for (const none of banned) step.logits[none] = -Infinity;
      const p = softmax(step.logits);
      id = p.indexOf(p.reduce((a, b) => Math.max(a, b)));
      weights.push(step.weights);
      sure.push(p[id]);
      if (id === end) break;
      ids.push(id);
    }
    return { ids, weights, sure, context: read.context };
  }
}
