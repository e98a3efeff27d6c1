// A push manager that hands out the subscriptions it was given, one after the other, and keeps the
// one that is in use in localStorage as "nagemaakt". Chromium's own needs Google's servers.
// eslint-disable-next-line no-unused-vars -- called by what is put behind this file
function fakePush(given) {
  if (!("PushManager" in self)) return;
  const name = "nagemaakt";
  const encoded = (bytes) =>
    btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const made = () => JSON.parse(localStorage.getItem(name) ?? "null");
  const subscription = ({ key, ...json }) => ({
    endpoint: json.endpoint,
    options: { applicationServerKey: Uint8Array.from(atob(key), (one) => one.charCodeAt(0)).buffer },
    toJSON: () => json,
    unsubscribe: async () => {
      localStorage.removeItem(name);
      return true;
    },
  });
  const plain = (key) => encoded(key).replaceAll("-", "+").replaceAll("_", "/");
  PushManager.prototype.getSubscription = async () => made() && subscription(made());
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    const count = Number(localStorage.getItem("geteld") ?? "0");
    localStorage.setItem("geteld", String(count + 1));
    const fresh = { ...given[count], key: plain(applicationServerKey) };
    localStorage.setItem(name, JSON.stringify(fresh));
    return subscription(fresh);
  };
}
