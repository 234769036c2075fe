"use strict";
const articles = [...document.querySelectorAll("article:not([data-open])")];
const cards = [...document.querySelectorAll(".card")];
const score = document.getElementById("score");

function tell() {
  const answered = articles.filter(one => one.dataset.first);
  const right = articles.filter(one => one.dataset.first === "right");
  const known = cards.filter(one => one.classList.contains("known"));
  score.textContent = `${right.length} of ${answered.length} answered right `
    + `at the first try, ${articles.length - answered.length} open; `
    + `${known.length} of ${cards.length} cards known.`;
}

for (const article of articles) {
  const verdict = article.querySelector(".verdict");
  const answer = article.querySelector(".answer");
  answer.hidden = true; // until somebody has chosen
  for (const choice of article.querySelectorAll(".choice"))
    choice.addEventListener("click", () => {
      const result = "right" in choice.dataset ? "right" : "wrong";
      article.dataset.first ||= result;
      choice.classList.add(result);
      verdict.className = `verdict ${result}`;
      verdict.textContent =
        `${result === "right" ? "Right." : "No."} ${choice.dataset.why}`;
      answer.hidden = false;
      answer.open = result === "right";
      tell();
    });
}

for (const card of cards) {
  const done = known => () => {
    card.classList.toggle("known", known);
    card.open = false;
    card.querySelector("summary").focus();
    tell();
  };
  card.querySelector(".yes").addEventListener("click", done(true));
  card.querySelector(".no").addEventListener("click", done(false));
}

// The next one that is open, after where the focus is; from the top again
// after the last.
function next() {
  const open = [
    ...articles.filter(one => !one.dataset.first),
    ...cards.filter(one => !one.classList.contains("known")),
  ].sort((a, b) =>
    a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  const here = document.activeElement;
  const after = open.find(one => !one.contains(here)
    && here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  const found = here === document.body ? open[0] : after || open[0];
  if (found) found.querySelector("button.choice, summary").focus();
}

addEventListener("keydown", event => {
  const typing = event.target.tagName === "TEXTAREA";
  if (event.key === "n" && !typing && !event.ctrlKey && !event.metaKey
      && !event.altKey) {
    event.preventDefault();
    next();
  }
});
