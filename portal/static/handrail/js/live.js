// Keeps what is marked data-live true while somebody looks: asks again, and changes what has changed where it stands.

const EVERY = 8_000, AT_MOST = 300_000;
let tag = "", pause = EVERY, timer;

const isChanged = (field) =>
  field.matches("select") ? [...field.options].some((it) => it.selected !== it.defaultSelected)
  : field.value !== field.defaultValue || field.checked !== field.defaultChecked;

// What somebody is about to send, or has opened to read, is left alone until they are done.
const isInUse = (region) =>
  document.querySelector("dialog[open], [popover]:popover-open") !== null ||
  region.contains(document.activeElement?.closest("input, textarea, select")) ||
  [...region.querySelectorAll("input:not([type=hidden]), textarea, select")].some(isChanged);

const withoutTokens = (html) => html.replace(/(csrfmiddlewaretoken" value=")\w+/g, "$1");

const renew = async (region, fresh) => {
  if (!fresh || withoutTokens(region.outerHTML) === withoutTokens(fresh.outerHTML)) return true;
  if (isInUse(region)) return false;
  for (const [at, open] of [...region.querySelectorAll("details")].map((it) => it.open).entries()) {
    const twin = fresh.querySelectorAll("details")[at];
    if (twin && open) twin.open = true;
  }
  const told = fresh.dataset.tell;
  if (told && told !== region.dataset.tell) document.getElementById("live").textContent = told;
  await htmx.swap({ sourceElement: region, target: region, text: fresh.outerHTML, swap: "outerMorph", transition: false });
  return true;
};

const look = async () => {
  const headers = { "Handrail-Live": "1", ...(tag && { "If-None-Match": tag }) };
  const answer = await fetch(location.href, { headers, cache: "no-store" });
  if (answer.redirected) return location.reload();
  if (answer.status === 304) return;
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const done = [];
  for (const region of document.querySelectorAll("[data-live]")) {
    done.push(await renew(region, page.getElementById(region.id)));
  }
  tag = done.every(Boolean) ? answer.headers.get("ETag") : "";
};

const keepLooking = async () => {
  clearTimeout(timer);
  if (!document.hidden) {
    try {
      await look();
      pause = EVERY;
    } catch {
      pause = Math.min(2 * pause, AT_MOST); // offline, or the site has trouble: not more often than it can bear
    }
  }
  timer = setTimeout(keepLooking, pause);
};

timer = setTimeout(keepLooking, EVERY);
document.addEventListener("visibilitychange", () => document.hidden || keepLooking());
addEventListener("online", keepLooking);
addEventListener("handrail:changed", keepLooking); // by this very page
