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

// Push messages. What comes is in the form of Declarative Web Push: {web_push: 8030, notification:
// {title, body, lang, tag, navigate, …}, app_badge}. Safari shows that by itself, others here.

/** @typedef {{action: string, title: string, navigate?: string}} Action */
/** @typedef {{title: string, body: string, lang: string, tag: string, navigate: string,
 *   timestamp?: number, actions: Action[]}} Told */

const DEVICES = "/meldingen/toestellen";
// A browser takes the permission away from who shows nothing, so something is always shown.
const SOMETHING = {
  title: "Mijn Kinderbijslag",
  body: "Er is nieuws voor u. Open de app om het te bekijken.",
  lang: "nl",
  tag: "nieuws",
  navigate: "/overzicht",
};
const VIEW = { action: "bekijken", title: "Bekijken" };

worker.addEventListener("push", (event) => {
  event.waitUntil(showPush(event.data));
});

worker.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  const { navigate, actions } = notification.data ?? {};
  event.waitUntil(open(ownAddress(actions?.[action] ?? navigate)));
});

worker.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(subscribeAgain(/** @type {any} */ (event).oldSubscription ?? null));
});

/** @param {PushMessageData | null} data */
async function showPush(data) {
  const { told, badge } = readPush(data);
  const shown = await worker.registration.getNotifications({ tag: told.tag });
  const isSame = shown.some((one) => one.title === told.title && one.body === told.body);
  const options = {
    body: told.body,
    lang: told.lang,
    tag: told.tag,
    icon: "/static/icons/icon-192.png",
    badge: "/static/icons/badge.png", // Android wants one of a single colour in its status bar
    timestamp: told.timestamp ?? Date.now(),
    renotify: shown.length > 0 && !isSame, // the same once more makes no sound
    actions: told.actions.map(({ action, title }) => ({ action, title })),
    data: {
      navigate: told.navigate,
      actions: Object.fromEntries(told.actions.map((one) => [one.action, one.navigate])),
    },
  };
  await worker.registration.showNotification(told.title, options);
  if (badge !== null) await setBadge(badge);
}

/** What a message says; something general when it cannot be read.
 *  @param {PushMessageData | null} data @returns {{told: Told, badge: number | null}} */
function readPush(data) {
  /** @type {any} */
  let message = null;
  try {
    message = data?.json();
  } catch {
    // Not ours, or cut short.
  }
  const given = message?.notification;
  const isRead = typeof given?.title === "string" && given.title !== "";
  /** @type {any} */
  const told = { ...SOMETHING, ...(isRead ? given : {}) };
  if (!Array.isArray(told.actions) || !told.actions.length) {
    told.actions = [{ ...VIEW, navigate: told.navigate }];
  }
  return { told, badge: Number.isInteger(message?.app_badge) ? message.app_badge : null };
}

/** @param {number} count */
async function setBadge(count) {
  if (!("setAppBadge" in navigator)) return;
  await (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => undefined);
}

/** An address of ours, whatever was asked for. @param {unknown} address */
function ownAddress(address) {
  const home = new URL(SOMETHING.navigate, worker.location.origin);
  const url = typeof address === "string" && URL.canParse(address, home) && new URL(address, home);
  return url && url.origin === home.origin ? url.href : home.href;
}

/** Show a page: in the window that has it, in one that is open, or in a new one. When the session
 *  is over, the portal asks to sign in and goes on to the page. @param {string} address */
async function open(address) {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => one.url === address);
  if (there) return there.focus();
  const [some] = windows;
  if (some) {
    try {
      const moved = await some.navigate(address);
      if (moved) return await moved.focus();
    } catch {
      // Not a window that this worker may steer.
    }
  }
  return worker.clients.openWindow(address);
}

/** The push service replaced the subscription: take a new one and tell the portal, which knows
 *  the device by its former one, also when nobody is signed in. @param {PushSubscription | null} old */
async function subscribeAgain(old) {
  const { key } = await (await fetch("/meldingen/sleutel")).json();
  const made = await worker.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  const subscription = { ...made.toJSON(), applicationServerKey: key };
  const auth = old?.toJSON().keys?.auth;
  const [address, said] = auth
    ? [`${DEVICES}/vernieuwing`, { former: { endpoint: old.endpoint, auth }, subscription }]
    : [DEVICES, subscription];
  await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(said),
  });
}
