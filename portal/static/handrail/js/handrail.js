// What HTML cannot do alone: focus after an answer, dialogs where `commandfor` is unknown, one sending per click, a page
// for when there is no network.

const focusWhatChanged = (root) => root.querySelector("[data-focus]")?.focus();

document.addEventListener("DOMContentLoaded", () => focusWhatChanged(document));
document.addEventListener("htmx:after:swap", () => focusWhatChanged(document));

if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else dialog.close();
  });
}

// A disabled button is left out of a form's answer, so it is only marked: the second click is stopped here.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Back from the cache of the browser: everything may be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// Only where it is served safely: browsers offer no worker elsewhere.
navigator.serviceWorker?.register("/worker.js");
