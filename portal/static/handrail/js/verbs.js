// A verb's form opens over the handoff it is about. Without this the same link leads to a page with the same form.

const dialog = document.getElementById("verb-dialog");

const show = (page) => {
  const form = page.querySelector("#sheet form");
  if (!form) return false;
  document.getElementById("verb-dialog-title").textContent = page.querySelector("h1").textContent;
  document.getElementById("verb-place").replaceChildren(document.adoptNode(form));
  for (const link of form.querySelectorAll(".form-foot a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
  }
  dialog.showModal();
  return true;
};

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-verbs] a");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const address = new URL(link.href);
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Refused, signed out, offline: the page itself says it better.
    if (answer.ok && show(page)) return;
  } catch {
    // Falls through to the page.
  }
  location.assign(address);
});
