// Keeps the bench's first page and its files on the device, so that a reload without a connection shows the bench and
// what waits to be sent. Everything else comes from the server, or not at all: nothing that is shown is ever stale.
const KEPT = "bench";
const HOME = "/warehouse/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page says which files it is made of; those of older versions go.
self.addEventListener("message", (event) => {
  if (event.data?.files) event.waitUntil(keep(event.data.files));
});

async function keep(files) {
  const kept = await caches.open(KEPT);
  const wanted = new Set(files.map((file) => new URL(file, self.location.href).pathname));
  const known = (await kept.keys()).map((request) => new URL(request.url).pathname);
  await Promise.all(known.filter((path) => path !== HOME && !wanted.has(path)).map((path) => kept.delete(path)));
  await Promise.all([...wanted].filter((path) => !known.includes(path)).map((path) => kept.add(path).catch(() => {})));
  if (!known.includes(HOME)) await remember(await fetch(HOME));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method === "POST" && /\/(lock|sign-out)$/.test(pathname)) event.waitUntil(caches.open(KEPT).then((kept) => kept.delete(HOME)));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(caches.match(pathname).then((known) => known ?? fetch(request)));
});

async function page(request, pathname) {
  try {
    const answer = await fetch(request);
    if (pathname === HOME) await remember(answer.clone());
    return answer;
  } catch (gone) {
    const home = await caches.match(HOME);
    if (home) return home;
    throw gone;
  }
}

// Only the bench itself: whoever is sent to the sign-in has nothing to keep.
async function remember(answer) {
  const kept = await caches.open(KEPT);
  if (answer.ok && !answer.redirected && answer.type === "basic") await kept.put(HOME, answer);
  else if (answer.type === "opaqueredirect" || answer.redirected) await kept.delete(HOME);
}
