// Names after an “@”: a list below the words, by arrow keys or a click. Without this they are typed.

const MOST = 6;
let open = null; // { field, list, start }

const close = () => {
  if (!open) return;
  open.list.remove();
  for (const name of ["aria-activedescendant", "aria-controls"]) open.field.removeAttribute(name);
  open = null;
};

const choose = (name) => {
  const { field, start } = open;
  const end = field.selectionStart;
  field.setRangeText(`@${name} `, start, end, "end");
  close();
  field.focus();
};

const move = (step) => {
  const options = [...open.list.children];
  const at = options.findIndex((it) => it.getAttribute("aria-selected") === "true");
  const next = options[(at + step + options.length) % options.length];
  options[at]?.setAttribute("aria-selected", "false");
  next.setAttribute("aria-selected", "true");
  open.field.setAttribute("aria-activedescendant", next.id);
};

const show = (field, start, names) => {
  close();
  const list = document.createElement("ul");
  list.className = "mentions";
  list.id = `${field.id}-people`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People");
  for (const [n, name] of names.entries()) {
    const option = document.createElement("li");
    option.id = `${list.id}-${n}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = name;
    // Before the field would lose the focus.
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(name);
    });
    list.append(option);
  }
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  open = { field, list, start };
  move(1);
};

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset?.people) return;
  const before = field.value.slice(0, field.selectionStart);
  const begun = before.match(/(?:^|[^\w@.])@([^@\n]{0,40})$/u);
  const typed = begun?.[1].toLocaleLowerCase();
  const fits = (name) => name.toLocaleLowerCase().split(" ").some((_, n, parts) => parts.slice(n).join(" ").startsWith(typed));
  const names = begun ? JSON.parse(field.dataset.people).filter(fits).slice(0, MOST) : [];
  if (names.length && !names.some((name) => name.toLocaleLowerCase() === typed)) show(field, before.length - typed.length - 1, names);
  else close();
});

// Caught before a dialog hears of Escape.
document.addEventListener("keydown", (event) => {
  if (!open || event.target !== open.field) return;
  const does = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => choose(open.list.querySelector("[aria-selected=true]").textContent),
    Tab: () => choose(open.list.querySelector("[aria-selected=true]").textContent),
    Escape: close,
  }[event.key];
  if (!does) return;
  event.preventDefault();
  event.stopPropagation();
  does();
}, true);

document.addEventListener("focusout", (event) => {
  if (event.target === open?.field) close();
});
