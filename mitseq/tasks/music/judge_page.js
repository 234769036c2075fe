const rated = [...document.querySelectorAll("article")];
const state = document.getElementById("state");

// What was said of one tune; null where nothing was.
function answer(article) {
  const said = {};
  for (const field of article.querySelectorAll("fieldset")) {
    const value = field.querySelector("input:checked")?.value ?? null;
    const question = field.dataset.question;
    said[question] = value === null || question === "who" ? value : Number(value);
  }
  said.known = article.querySelector(".known input").checked;
  return said;
}

function isDone(article) {
  const { known, ...said } = answer(article);
  return known || Object.values(said).every(value => value !== null);
}

function tell() {
  const done = rated.filter(isDone).length;
  state.textContent = `${done} of ${rated.length} tunes judged.`;
}

for (const article of rated) article.addEventListener("change", tell);
tell();

document.getElementById("save").addEventListener("click", () => {
  const open = rated.filter(article => !isDone(article));
  const results = {
    test: document.querySelector("main").dataset.test,
    judge: document.getElementById("judge").value,
    answers: rated.map(answer),
  };
  const link = document.createElement("a");
  const text = `${JSON.stringify(results, null, 1)}\n`;
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const name = results.judge.replace(/[^\p{L}\p{N}]+/gu, "-");
  link.download = `answers-${results.test}${name && "-"}${name}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  const numbers = open.map(article => rated.indexOf(article) + 1);
  document.getElementById("said").textContent = `Saved as ${link.download}.`
    + (open.length ? ` Not all was answered: tune ${numbers.join(", ")}.` : "");
});

// Ratings are lost when the page goes: ask first.
addEventListener("beforeunload", event => {
  const said = document.getElementById("said").textContent;
  if (!said && rated.some(article => article.querySelector("input:checked")))
    event.preventDefault();
});
