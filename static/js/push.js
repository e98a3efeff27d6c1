// Push messages on this device: asks the browser when the person asks us, keeps the subscription
// at the server up to date afterwards, and keeps the number on the app's icon right.

import { watchBadge } from "./badge.js";

const DEVICES = "/meldingen/toestellen";
const TOLD = "toestel"; // in localStorage: which subscription the server knows, and for whom

/** @typedef {"on" | "off" | "denied" | "install" | "unsupported" | "insecure"} State */

/** @returns {{key: string, person: string} | null} our key and a mark of who is signed in */
function page() {
  const { pushKey, person } =
    document.querySelector("[data-push-key]") instanceof HTMLElement
      ? /** @type {HTMLElement} */ (document.querySelector("[data-push-key]")).dataset
      : /** @type {DOMStringMap} */ ({});
  return pushKey && person ? { key: pushKey, person } : null;
}

/** @param {string} text base64url @returns {Uint8Array<ArrayBuffer>} */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** @param {ArrayBuffer | null} buffer @returns {string} base64url */
function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0)));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} value */
async function mark(value) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(value));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Safari on iPhone and iPad has push only for apps on the home screen. */
function mustBeInstalled() {
  const apple = /iPhone|iPad|iPod/.test(navigator.userAgent);
  const padAsMac = navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1;
  return (apple || padAsMac) && !matchMedia("(display-mode: standalone)").matches;
}

function isSupported() {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** @returns {Promise<PushSubscription | null>} what this browser is subscribed with */
async function subscription() {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** @returns {Promise<State>} */
async function state() {
  if (!window.isSecureContext) return "insecure";
  if (!isSupported()) return mustBeInstalled() ? "install" : "unsupported";
  if (Notification.permission === "denied") return "denied";
  const isOn = Notification.permission === "granted" && (await subscription()) !== null;
  return isOn ? "on" : "off";
}

/** Subscribe with our key of today; what was made with a former key is let go first.
 * @param {string} key */
async function subscribe(key) {
  const registration = await navigator.serviceWorker.ready;
  const existing = await registration.pushManager.getSubscription();
  if (existing) {
    if (text(existing.options.applicationServerKey) === key) return existing;
    await existing.unsubscribe();
  }
  return registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(key),
  });
}

/** Tell the server where to send, for whoever is signed in here.
 * @param {PushSubscription} made @param {string} key @param {string} person */
async function tell(made, key, person) {
  const answer = await fetch(DEVICES, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ ...made.toJSON(), applicationServerKey: key }),
  });
  if (!answer.ok) throw new Error(`refused: ${answer.status}`);
  localStorage.setItem(TOLD, await mark(`${person} ${made.endpoint}`));
}

/** Keep things right without asking anything: another person signed in here, our key was replaced,
 *  or the browser has let go of the subscription. Only where the person had said yes. */
async function keepUp() {
  const here = page();
  if (!here || !window.isSecureContext || !isSupported()) return;
  if (Notification.permission !== "granted" || localStorage.getItem(TOLD) === null) return;
  const made = await subscribe(here.key);
  const told = await mark(`${here.person} ${made.endpoint}`);
  if (localStorage.getItem(TOLD) !== told) await tell(made, here.key, here.person);
}

/** The person said yes: now the browser asks, and then we know where to send. */
async function switchOn() {
  const here = page();
  if (!here) return;
  if ((await Notification.requestPermission()) !== "granted") return;
  await tell(await subscribe(here.key), here.key, here.person);
  location.assign(location.pathname); // the list of devices has one more
}

/** @param {boolean} shown */
function showFailure(shown) {
  document.querySelector("[data-push-failed]")?.toggleAttribute("hidden", !shown);
}

/** Show what can be done on this device, and which one of the list it is. */
async function showPanel() {
  const panel = document.querySelector("[data-push-panel]");
  if (!panel) return;
  const now = await state();
  const made = now === "on" ? await subscription() : null;
  const own = made ? await mark(made.endpoint) : "";
  let listed = false;
  for (const device of panel.querySelectorAll("[data-device]")) {
    const isHere = device.getAttribute("data-device") === own;
    device.querySelector("[data-here]")?.toggleAttribute("hidden", !isHere);
    listed ||= isHere;
  }
  // A subscription that the server removed, or never heard of, counts as off.
  const shown = now === "on" && !listed ? "off" : now;
  for (const part of panel.querySelectorAll("[data-push-state]")) {
    part.toggleAttribute("hidden", part.getAttribute("data-push-state") !== shown);
  }
}

/** Forget this device in the browser too, before the server does.
 * @param {Element} device its place in the list */
async function letGo(device) {
  const made = isSupported() ? await subscription() : null;
  if (!made || (await mark(made.endpoint)) !== device.getAttribute("data-device")) return;
  localStorage.removeItem(TOLD);
  await made.unsubscribe();
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-push-on]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  showFailure(false);
  button.disabled = true;
  void switchOn()
    .catch(() => showFailure(true))
    .finally(() => {
      button.disabled = false;
      return showPanel();
    });
});

// The form goes out once the browser has let go; when that fails the server removes it all the same.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target instanceof HTMLFormElement ? event.target : null;
    const device = form?.closest("[data-device]");
    if (!form?.hasAttribute("data-device-removal") || !device) return;
    form.removeAttribute("data-device-removal");
    event.preventDefault();
    event.stopImmediatePropagation(); // before htmx sends it by itself
    void letGo(device)
      .catch(() => undefined)
      .finally(() => form.requestSubmit());
  },
  true,
);

/** A page has come. */
function start() {
  void showPanel().catch(() => showFailure(true));
  void keepUp().catch(() => undefined); // no connection, or refused: at the next page again
}

document.addEventListener("htmx-after-swap", start);
watchBadge();
start();
