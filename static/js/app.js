// What the pages do beyond links and forms. Everything here is a comfort: without it they work.
import { watchSession } from "./session.js";

watchSession();

// After a boosted navigation the screen reader and the keyboard start at the new page's content;
// after a refused form, at the summary of what is wrong.
document.addEventListener("htmx-after-swap", () => {
  const target = document.querySelector("[data-focus]") ?? document.getElementById("main");
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  if (target?.id === "main") window.scrollTo(0, 0);
});

const wrong = document.querySelector("[data-focus]");
if (wrong instanceof HTMLElement) wrong.focus();

// A link into a closed answer opens it.
function openTarget() {
  const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener("hashchange", openTarget);
openTarget();

// The Back button may bring a page out of memory: what a signed-out person sees must be fresh.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-print]") : null;
  if (button) window.print();
});

if ("serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js"));
}
