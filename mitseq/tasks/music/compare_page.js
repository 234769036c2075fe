"use strict";
// A click on a head sorts its table by that column, a second one backwards.
for (const button of document.querySelectorAll("thead button")) {
  const head = button.closest("th");
  button.addEventListener("click", () => {
    const table = head.closest("table");
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of table.querySelectorAll("th[aria-sort]"))
      other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows];
    const value = row => row.cells[head.cellIndex].textContent;
    const number = text => Number(text.replace("< ", "0.9e-9 ").split(" ")[0]);
    rows.sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      const gap = number(a) - number(b);
      return Number.isNaN(gap) ? a.localeCompare(b) : gap;
    });
    if (!up) rows.reverse();
    table.tBodies[0].append(...rows);
  });
}
