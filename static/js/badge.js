// The number on the app's icon: how many letters wait to be read; and no notification stays that
// leads to the page that is open now.

/** Show how many letters are unread, as the menu of this page says. */
function showBadge() {
  const menu = document.querySelector("[data-unread]");
  if (!("setAppBadge" in navigator) || !menu) return;
  const count = Number(menu.getAttribute("data-unread"));
  void (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => undefined);
}

/** Take away the notifications that led here. */
async function closeNotifications() {
  if (!("serviceWorker" in navigator) || document.visibilityState !== "visible") return;
  const registration = await navigator.serviceWorker.getRegistration();
  for (const shown of (await registration?.getNotifications?.()) ?? []) {
    const { navigate } = shown.data ?? {};
    if (navigate && new URL(navigate, location.href).pathname === location.pathname) shown.close();
  }
}

function start() {
  showBadge();
  void closeNotifications().catch(() => undefined);
}

/** Begin to watch: pages that come, and letters that are read on a page. */
export function watchBadge() {
  document.addEventListener("htmx-after-swap", start);
  document.addEventListener("visibilitychange", start);
  const changes = { subtree: true, attributes: true, attributeFilter: ["data-unread"] };
  new MutationObserver(showBadge).observe(document.documentElement, changes);
  start();
}
