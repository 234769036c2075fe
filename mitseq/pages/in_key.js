// A tune read and written by the degrees of its key: the layers of these names,
// as `mitseq/tasks/music/in_key.py` has them. `rows` has the degree of each
// token in each key, one key after the other; row 0 is that of no key yet.

const degreesOf = (rows, key, size) => rows.subarray(key * size, (key + 1) * size);

// A key holds until the next one.
LAYERS.key = ({ keys }) => ({
  reset() { this.key = 0; },
  step(id) {
    if (id === START_ID) this.key = 0;
    if (keys[id]) this.key = keys[id];
    return this.key;
  },
});

// Tokens as degrees, also those of earlier bars among the features.
LAYERS.in_key = ({ rows, about, at, lags, vocabulary }) => ({
  step(id, features, key) {
    const degree = degreesOf(rows, key, vocabulary);
    const earlier = features.slice(at, at + lags).map((token) => degree[token]);
    const told = [
      ...features.slice(0, at), ...earlier, ...features.slice(at + lags),
      about[2 * key], about[2 * key + 1],
    ];
    return { outputs: [degree[id], told, earlier] };
  },
});

// logits[r] + sum_k trust_k * (r == earlier_k)
LAYERS.pointing = () => ({
  step(logits, trust, earlier) {
    const y = Float64Array.from(logits);
    earlier.forEach((r, k) => { if (r) y[r] += trust[k]; });
    return y;
  },
});

// The logit of a token is that of its degree.
LAYERS.as_written = ({ rows, vocabulary }) => ({
  step: (logits, key) =>
    Float64Array.from(degreesOf(rows, key, vocabulary), (r) => logits[r]),
});
