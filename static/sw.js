// The service worker: keeps the static files and an offline page, nothing personal.
// The portal writes one line above this file: self.RELEASE = {release, files}.

/** @type {ServiceWorkerGlobalScope & {RELEASE: {release: string, files: string[]}}} */
const worker = /** @type {any} */ (globalThis);

const CACHE = `bestanden-${worker.RELEASE.release}`;

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
  if (worker.RELEASE.files.includes(url.pathname + url.search)) {
    event.respondWith(keptFirst(request));
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

/** @param {Request} request */
async function keptFirst(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** A page always comes from the network; without one, say so kindly.
 *  @param {Request} request */
async function networkOrOffline(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match("/offline")) ?? Response.error();
  }
}
