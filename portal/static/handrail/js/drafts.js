// A draft keeps itself a moment after the last key, and when its page goes away. Without this it is kept by its button.

const PAUSE = 1500;
const waiting = new WeakMap();
const underWay = new WeakMap();

const told = (form, sentence) => {
  form.querySelector("[data-kept]").textContent = sentence;
};

const list = (form, missing) => {
  const place = form.querySelector("[data-missing]");
  place.hidden = !missing.length;
  place.querySelector("ul").replaceChildren(
    ...missing.map(({ sentence, url }) => {
      const link = document.createElement("a");
      link.href = document.getElementById(url.split("#")[1]) ? `#${url.split("#")[1]}` : url;
      link.textContent = sentence;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
};

const save = async (form, keepalive) => {
  const words = new FormData(form);
  try {
    const answer = await fetch(form.action, { method: "POST", body: words, headers: { "X-Draft": "keep" }, keepalive });
    const found = await answer.json();
    told(form, answer.ok ? [`Saved as ${found.reference}, ${found.saved}.`, ...found.wrong].join(" ") : found.sentence);
    if (!answer.ok) return;
    list(form, found.missing);
    if (form.dataset.keeps === "new") {
      // From now on it is that draft, also when the page is loaded again.
      form.dataset.keeps = "draft";
      form.action = found.address;
      history.replaceState(null, "", found.address);
    }
  } catch {
    told(form, "Not saved: no connection. It is tried again with the next key.");
  }
};

const keep = (form, keepalive = false) => {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  if (form.dataset.sent || underWay.has(form)) return;
  underWay.set(form, save(form, keepalive).finally(() => underWay.delete(form)));
};

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-keeps]");
  if (!form || event.target.type === "file") return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keep(form), PAUSE));
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const form of document.querySelectorAll("form[data-keeps]")) if (waiting.has(form)) keep(form, true);
});

// Sent while it is being saved: a new draft would be made twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  clearTimeout(waiting.get(form));
  if (!underWay.has(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  underWay.get(form).then(() => form.requestSubmit(event.submitter));
}, true);
