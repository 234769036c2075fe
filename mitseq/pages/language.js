// The language that is made up, as `mitseq/tasks/translate/language.py` has it:
// the right translation of a sentence, and how a sentence grows. What follows no
// rule of its grammar has none.

class Language {
  // `lexicon`: a word and its translation, by kind; `many`: a plural or a verb
  // of many, and its word for one; `articles`; `ending`, of many.
  constructor({ lexicon, many, articles, ending }) {
    this.kinds = Object.fromEntries(Object.entries(lexicon).map(([kind, pairs]) =>
      [kind, new Set(pairs.map(([word]) => word))]));
    this.lexicon = new Map(Object.values(lexicon).flat());
    this.many = new Map(many);
    this.articles = new Map(articles);
    this.ending = ending;
  }

  // clause (joint clause)* .     null where the grammar ends
  parse(words) {
    const left = words.map((word) => word.toLowerCase()), clauses = [];
    if (left.at(-1) === ".") left.pop();
    for (let joint = null; ; joint = left.shift()) {
      const subject = this.nounPhrase(left);
      const verb = subject && left.shift();
      const object = this.isOf("verbs", verb) && this.nounPhrase(left);
      if (!object) return null;
      const adverb = this.isOf("adverbs", left[0]) ? left.shift() : null;
      clauses.push({ joint, subject, verb, object, adverb });
      if (!left.length) return clauses;
      if (!this.isOf("joints", left[0])) return null;
    }
  }

  // article adjective* noun
  nounPhrase(left) {
    const article = left.shift(), adjectives = [];
    if (!this.articles.has(article)) return null;
    while (this.isOf("adjectives", left[0])) adjectives.push(left.shift());
    const noun = left.shift();
    return this.isOf("nouns", noun) ? { article, adjectives, noun } : null;
  }

  one(word) { return this.many.get(word) ?? word; }

  isOf(kind, word) { return this.kinds[kind].has(this.one(word)); }

  // Subject, object, adverb, verb.
  translate(words) {
    const clauses = this.parse(words);
    return clauses && [
      ...clauses.flatMap(({ joint, subject, verb, object, adverb }) => [
        ...this.said(joint), ...this.saidPhrase(subject), ...this.saidPhrase(object),
        ...this.said(adverb), ...this.said(verb, this.endingOf(subject)),
      ]),
      ".",
    ];
  }

  said(word, ending = "") {
    return word ? [this.lexicon.get(this.one(word)) + ending] : [];
  }

  endingOf({ noun }) { return this.many.has(noun) ? this.ending : ""; }

  // Noun, adjectives from the last to the first, article.
  saidPhrase({ article, adjectives, noun }) {
    const ending = this.endingOf({ noun });
    return [
      ...[noun, ...adjectives.toReversed()].flatMap((word) => this.said(word, ending)),
      this.articles.get(article),
    ];
  }

  // From a bare clause to the whole sentence, a few words at a time.
  stages(words) {
    const clauses = this.parse(words), stages = [];
    if (!clauses) return words.map((_, k) => words.slice(0, k + 1));
    const bare = (phrase) => ({ ...phrase, adjectives: [] });
    clauses.forEach((clause, k) => {
      const { subject, object, adverb } = clause;
      let grown = { ...clause, subject: bare(subject), object: bare(object), adverb: null };
      const add = (more) => {
        grown = { ...grown, ...more };
        stages.push(spelled([...clauses.slice(0, k), grown]));
      };
      add({});
      if (subject.adjectives.length) add({ subject });
      if (object.adjectives.length) add({ object });
      if (adverb) add({ adverb });
    });
    return stages;
  }
}

const spelled = (clauses) => [
  ...clauses.flatMap(({ joint, subject, verb, object, adverb }) => [
    joint, ...spelledPhrase(subject), verb, ...spelledPhrase(object), adverb,
  ].filter(Boolean)),
  ".",
];

// "an" stands before a vowel, whatever was there before.
function spelledPhrase({ article, adjectives, noun }) {
  const rest = [...adjectives, noun];
  const fitting = /^[aeiou]/.test(rest[0]) ? "an" : "a";
  return [/^an?$/.test(article) ? fitting : article, ...rest];
}
