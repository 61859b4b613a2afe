{% comment %}The service worker. files: the addresses it keeps; version: changes with any of them.{% endcomment %}// A page of our own while there is no network. Nothing that belongs to anybody is kept.
const KEPT = "handrail-{{ version }}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const former = caches.keys().then((names) => Promise.all(names.filter((it) => it !== KEPT).map((it) => caches.delete(it))));
  event.waitUntil(former.then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline/")));
  } else if (FILES.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
