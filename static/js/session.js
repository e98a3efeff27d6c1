// Warns two minutes before the session ends and lets the person stay.

const WARN_SECONDS = 120;

let endsAt = 0;
let extendable = true;
let asked = false;

/** Count from here. @param {number} seconds @param {boolean} more */
function begin(seconds, more) {
  endsAt = seconds ? Date.now() + seconds * 1000 : 0;
  extendable = more;
  asked = false;
}

/** Read from the page when its session ends: from the dialog, which every navigation replaces. */
function readPage() {
  const { sessionSeconds, sessionExtendable } = dialog()?.dataset ?? {};
  begin(Number(sessionSeconds ?? 0), sessionExtendable !== "false");
}

/** @returns {HTMLDialogElement | null} */
function dialog() {
  const found = document.getElementById("session-dialog");
  return found instanceof HTMLDialogElement ? found : null;
}

/** Stay signed in: the server starts the idle time anew, and so does this page. */
async function stay() {
  dialog()?.close();
  if (!extendable) return;
  const answer = await fetch("/sessie", { method: "POST" }).catch(() => null);
  if (answer?.status === 401) return leave();
  if (!answer?.ok) {
    asked = false; // no network just now: ask again
    return;
  }
  const { seconds, extendable: more } = await answer.json();
  begin(seconds, more);
}

/** Go to a page without personal data, and from there back to here after signing in again. */
function leave() {
  const here = encodeURIComponent(location.pathname + location.search);
  location.replace(`/?sessie=voorbij&volgende=${here}`);
}

function tick() {
  if (!endsAt) return;
  const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
  const box = dialog();
  // A second late rather than early: a request before the end would start the time anew.
  if (Date.now() > endsAt + 1000) return leave();
  if (left > WARN_SECONDS || !box) return;
  if (!box.open && !asked) {
    asked = true;
    // At the twelve hours staying is no choice: then it only says so.
    box.querySelector("[data-session-stay]")?.toggleAttribute("hidden", !extendable);
    box.querySelector("[data-session-final]")?.toggleAttribute("hidden", extendable);
    box.showModal();
  }
  const clock = box.querySelector("[data-session-left]");
  if (clock) clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** Begin to watch; pages that come by a boosted navigation are read as they come. */
export function watchSession() {
  readPage();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("htmx-after-swap", readPage);
  // Escape closes the dialog: whoever does that is there, and stays.
  document.addEventListener("cancel", (event) => event.target === dialog() && void stay(), true);
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-session-stay]")) void stay();
    if (target?.closest("[data-session-leave]")) {
      dialog()?.close();
      const form = document.querySelector('form[action="/afmelden"]');
      if (form instanceof HTMLFormElement) form.requestSubmit();
    }
  });
}
