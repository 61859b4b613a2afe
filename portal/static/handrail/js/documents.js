// Documents by drop, and several at once, each with its progress. Without this they are attached one by one.

const LARGE = 1_000_000; // bytes from which on one wants to see how far it is
const panel = () => document.getElementById("uploads");

const line = (name) => {
  const item = document.createElement("li");
  const label = document.createElement("span");
  label.textContent = name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  item.append(label, bar);
  panel().querySelector("ul").append(item);
  panel().hidden = false;
  return { item, label, bar };
};

// fetch() does not tell how much has been sent.
const send = (address, words, bar) =>
  new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-Documents", "add");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    const answer = () =>
      done({ ok: request.status === 201, sentence: request.response?.sentence ?? `It was not taken (${request.status}).` });
    request.addEventListener("load", answer);
    request.addEventListener("error", () => done({ ok: false, sentence: "No connection." }));
    request.send(words);
  });

const attach = async (address, files, given) => {
  let all = true;
  for (const file of files) {
    const { item, label, bar } = line(file.name);
    const words = new FormData();
    for (const [name, value] of Object.entries(given)) words.set(name, value);
    words.set("file", file);
    const { ok, sentence } = await send(address, words, bar);
    all &&= ok;
    bar.remove();
    item.dataset.tone = ok ? "good" : "danger";
    label.textContent = ok ? `${file.name}: attached.` : `${file.name}: ${sentence}`;
    dispatchEvent(new Event("handrail:changed"));
  }
  return all;
};

const isOfFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const place = (event) => event.target.closest?.("[data-attach]");

document.addEventListener("dragover", (event) => {
  if (!isOfFiles(event) || !document.querySelector("[data-attach]")) return;
  event.preventDefault(); // else the browser opens the file instead of the page
  for (const it of document.querySelectorAll("[data-attach]")) it.toggleAttribute("data-over", it === place(event));
});

const leave = () => {
  for (const it of document.querySelectorAll("[data-over]")) it.removeAttribute("data-over");
};
document.addEventListener("dragleave", (event) => event.relatedTarget ?? leave());

document.addEventListener("drop", (event) => {
  if (!isOfFiles(event) || !document.querySelector("[data-attach]")) return;
  event.preventDefault();
  leave();
  const over = place(event);
  if (!over) return;
  const slot = event.target.closest("[data-slot]")?.dataset.slot ?? "";
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  attach(over.dataset.attach, event.dataTransfer.files, { slot, csrfmiddlewaretoken: token });
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#uploads [data-close]")) return;
  panel().hidden = true;
  panel().querySelector("ul").replaceChildren();
});

// Before the field opens: here several are welcome.
document.addEventListener("click", (event) => {
  if (event.target.matches?.("form[data-attaches] input[type=file]")) event.target.multiple = true;
}, true);

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const files = form.matches("[data-attaches]") ? [...form.querySelector("input[type=file]").files] : [];
  if (files.length < 2 && !files.some((file) => file.size > LARGE)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const given = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "file"));
  const dialog = form.closest("dialog");
  dialog?.close();
  if ((await attach(form.action, files, given)) && !dialog) location.assign(form.dataset.attaches);
}, true);
