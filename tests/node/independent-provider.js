// A real OpenID provider that shares nothing with our own code: the npm package oidc-provider,
// on this machine only. Reads one JSON object from standard input (see tests/independent_provider.py),
// prints its issuer on one line once it listens, and runs until it is told to end.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

import Provider from "oidc-provider";

/** @type {any} */
const wanted = JSON.parse(await text(process.stdin));

/** @param {string} alg */
function key(alg) {
  const { privateKey } =
    alg === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), alg, use: "sig", kid: `independent-${alg}` };
}

/** @type {Map<string, any>} */
const people = new Map(wanted.people.map((/** @type {any} */ person) => [person.sub, person]));

const { client } = wanted;
const algorithms = new Set([
  client.id_token_signed_response_alg ?? "RS256",
  client.userinfo_signed_response_alg ?? "RS256",
]);

const server = createServer();
await new Promise((listening) => server.listen(wanted.port, "127.0.0.1", () => listening(null)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  acrValues: wanted.levels,
  claims: {
    openid: ["sub"],
    profile: ["givenName", "surname", "mail", "prefLanguage"],
    egovnrn: ["egovNRN"],
  },
  clients: [client],
  cookies: { keys: ["only-for-tests"] },
  features: {
    devInteractions: { enabled: false },
    encryption: { enabled: true },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  enabledJWA: {
    idTokenSigningAlgValues: ["RS256", "PS256", "ES256"],
    userinfoSigningAlgValues: ["RS256", "PS256", "ES256"],
    idTokenEncryptionAlgValues: ["RSA-OAEP", "RSA-OAEP-256"],
    userinfoEncryptionAlgValues: ["RSA-OAEP", "RSA-OAEP-256"],
    idTokenEncryptionEncValues: ["A128GCM", "A256GCM", "A128CBC-HS256"],
    userinfoEncryptionEncValues: ["A128GCM", "A256GCM", "A128CBC-HS256"],
  },
  // The client's keys are on this machine, where the package's own guard would not go.
  fetch: (url, /** @type {any} */ options) => fetch(url, { ...options, dispatcher: undefined }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  jwks: { keys: [...algorithms].map(key) },
  pkce: { required: () => true },
  scopes: ["openid", "profile", "egovnrn"],
  ttl: { AccessToken: 600, Grant: 600, IdToken: 300, Interaction: 600, Session: 3600 },
  findAccount: (_ctx, sub) =>
    people.has(sub) ? { accountId: sub, claims: () => people.get(sub) } : undefined,
  async loadExistingGrant(ctx) {
    // Everybody agreed beforehand to what the portal asks for, as with the federal service.
    const { client: asking, session } = ctx.oidc;
    if (!asking || !session?.accountId) {
      return undefined;
    }
    const grant = new ctx.oidc.provider.Grant({
      accountId: session.accountId,
      clientId: asking.clientId,
    });
    grant.addOIDCScope("openid profile egovnrn");
    await grant.save();
    return grant;
  },
});
provider.on("server_error", (_ctx, error) => console.error(error.message));

/** @param {string} value */
const escaped = (value) =>
  value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {string} uid */
function page(uid) {
  const options = (/** @type {[string, string][]} */ values) =>
    values.map(([value, name]) => `<option value="${escaped(value)}">${escaped(name)}</option>`);
  const names = [...people].map(([sub, person]) => [sub, `${person.givenName} ${person.surname}`]);
  const levels = wanted.levels.map((/** @type {string} */ level) => [level, level]);
  return `<!doctype html><html lang="en"><title>Independent provider</title>
<h1>Independent provider</h1>
<form method="post" action="/interaction/${escaped(uid)}">
<label>Person <select name="person">${options(names).join("")}</select></label>
<label>Level <select name="level">${options(levels).join("")}</select></label>
<button name="answer" value="in">Sign in</button>
<button name="answer" value="cancel">Cancel</button>
</form>`;
}

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
async function interact(request, response) {
  const { uid, prompt } = await provider.interactionDetails(request, response);
  if (request.method === "GET") {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(page(uid));
    return;
  }
  const form = new URLSearchParams(await text(request));
  const level = form.get("level") ?? "";
  const result =
    prompt.name !== "login" || form.get("answer") !== "in"
      ? { error: "access_denied", error_description: "cancelled" }
      : { login: { accountId: form.get("person") ?? "", acr: level, amr: [level] } };
  await provider.interactionFinished(request, response, result);
}

const callback = provider.callback();
server.on("request", (request, response) => {
  if (!request.url?.startsWith("/interaction/")) {
    void callback(request, response);
    return;
  }
  interact(request, response).catch((error) => {
    response.statusCode = 400;
    response.end(String(error.message));
  });
});
console.log(issuer);
