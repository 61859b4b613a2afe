// A row that was just added begins open: nobody adds one to leave it closed.
document.addEventListener("formset:added", ({ target }) => {
  requestAnimationFrame(() => target.querySelector("h3.cursor-pointer strong")?.click());
});
