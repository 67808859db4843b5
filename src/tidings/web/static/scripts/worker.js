// The service worker (tidings.web.install puts MARK, KEPT and OFFLINE before it). Styles, scripts and one page about being
// offline; whatever is anybody's goes past it and is never kept.
const NAME = `tidings-${MARK}`;

const others = async () => (await caches.keys()).filter((name) => name.startsWith("tidings-") && name !== NAME);

self.addEventListener("install", (event) => {
  const fresh = KEPT.map((url) => new Request(url, { cache: url === OFFLINE ? "reload" : "default", credentials: "omit" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const swept = others().then((names) => Promise.all(names.map((name) => caches.delete(name))));
  event.waitUntil(swept.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const instead = KEPT.includes(url.pathname) ? url.pathname : request.mode === "navigate" ? OFFLINE : "";
  if (instead) event.respondWith(fetch(request).catch(async () => (await caches.match(instead)) ?? Response.error()));
});

// "leave": nothing stays of it.
self.addEventListener("message", (event) => {
  if (event.data !== "leave") return;
  const gone = caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))));
  event.waitUntil(gone.then(() => self.registration.unregister()));
});
