// Marks a letter as read once it has been in view for a second.
// The server marks nothing by itself: a service worker may fetch a page that nobody looks at.

const READ_AFTER_MS = 1000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @returns {HTMLElement | null} the letter on this page that has not been read yet */
function unreadLetter() {
  return document.querySelector("[data-read-address]");
}

/** Show what belongs to a letter that was read (or was not), and hide the rest.
 * @param {"unread" | "waiting" | "read"} state */
function show(state) {
  for (const part of document.querySelectorAll("[data-when]")) {
    part.toggleAttribute("hidden", part.getAttribute("data-when") !== state);
  }
}

/** One unread letter fewer in the menu. */
function lowerBadges() {
  for (const badge of document.querySelectorAll("[data-unread]")) {
    const left = Math.max(0, Number(badge.getAttribute("data-unread")) - 1);
    badge.setAttribute("data-unread", String(left));
    badge.toggleAttribute("hidden", left === 0);
    const count = badge.querySelector("[data-unread-count]");
    if (count) {
      count.textContent = String(left);
    }
  }
}

/** @param {HTMLElement} letter */
async function markRead(letter) {
  const address = letter.dataset.readAddress;
  if (!address || !letter.isConnected) {
    return;
  }
  delete letter.dataset.readAddress; // once
  const counted = "counted" in letter.dataset; // not when it is in another dossier than the open one
  const answer = await fetch(address, { method: "POST", redirect: "manual" }).catch(() => null);
  const done = answer?.type === "opaqueredirect";
  if (done && counted) {
    lowerBadges();
  }
  if (letter.isConnected) {
    show(done ? "read" : "unread"); // no connection: the button is there to try again
  }
}

/** Start counting anew: a page came into view, or went out of it. */
function watch() {
  clearTimeout(timer);
  const letter = unreadLetter();
  if (letter && document.visibilityState === "visible") {
    show("waiting");
    timer = setTimeout(() => void markRead(letter), READ_AFTER_MS);
  }
}

/** Printing needs a script, so the button is there only with one. */
function offerPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.removeAttribute("hidden");
  }
}

function start() {
  offerPrinting();
  watch();
}

document.addEventListener("visibilitychange", watch);
document.addEventListener("htmx-after-swap", start); // with htmx's metaCharacter "-"
start();
