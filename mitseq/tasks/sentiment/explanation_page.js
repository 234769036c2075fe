const show = () => {
  const method = document.getElementById("method").value;
  const label = document.getElementById("label").value;
  for (const section of document.querySelectorAll("section")) {
    section.hidden = label !== "" && section.dataset.label !== label;
    for (const block of section.querySelectorAll("[data-method]"))
      block.hidden = block.dataset.method !== method;
  }
};
for (const id of ["method", "label"])
  document.getElementById(id).addEventListener("change", show);
