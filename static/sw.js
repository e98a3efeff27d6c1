// The service worker: keeps the static files and an offline page, nothing personal.
// The portal writes one line above this file: self.RELEASE = {release, files}.

/** @type {ServiceWorkerGlobalScope & {RELEASE: {release: string, files: string[]}}} */
const worker = /** @type {any} */ (globalThis);

const CACHE = `bestanden-${worker.RELEASE.release}`;

// The address under which each path is kept. A module imports another without its hash.
const KEPT = new Map(worker.RELEASE.files.map((file) => [file.split("?")[0], file]));

worker.addEventListener("install", (event) => {
  event.waitUntil(install());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(removeOldCaches());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  const kept = KEPT.get(url.pathname);
  if (kept && (!url.search || kept === url.pathname + url.search)) {
    event.respondWith(keptFirst(kept, request));
  } else if (request.mode === "navigate" || request.headers.has("HX-Request")) {
    event.respondWith(networkOrOffline(request));
  }
});

/** Keep the new release's files; one failure keeps the old worker. Their addresses hold their
 *  content's hash, so what the browser already has is not fetched again. */
async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(worker.RELEASE.files);
  await worker.skipWaiting();
}

async function removeOldCaches() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** @param {string} kept @param {Request} request */
async function keptFirst(kept, request) {
  return (await caches.match(kept)) ?? fetch(request);
}

/** A page always comes from the network; without one, say so kindly.
 *  @param {Request} request */
async function networkOrOffline(request) {
  try {
    return await fetch(request);
  } catch {
    const page = await caches.match("/offline");
    // A copy has no address of its own, so the browser keeps the one that was asked for.
    return page ? new Response(page.body, page) : Response.error();
  }
}
