// npm web-push with a keep-alive agent; takes and prints the same as sending.py.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const https = require("node:https");
const webpush = require("web-push");

const [origin, certificate, messages, atOnce] = process.argv.slice(2);
const count = Number(messages);
const agent = new https.Agent({
  keepAlive: true,
  maxSockets: Number(atOnce),
  ca: fs.readFileSync(certificate),
});
const payload = JSON.stringify({
  web_push: 8030,
  notification: {
    title: "Er is een nieuwe betaling",
    body: "Open Mijn Kinderbijslag om ze te bekijken.",
    lang: "nl",
    tag: "payment",
    navigate: "https://portaal.example.be/betalingen",
  },
}).padEnd(512);
const keys = webpush.generateVAPIDKeys();
const options = {
  vapidDetails: { subject: "mailto:push@fonds.example", ...keys },
  TTL: 7 * 86400,
  timeout: 30000,
  agent,
};
const devices = Array.from({ length: Math.min(1000, count) }, () => {
  const pair = crypto.createECDH("prime256v1");
  return {
    p256dh: pair.generateKeys("base64url"),
    auth: crypto.randomBytes(16).toString("base64url"),
  };
});

let next = 0;
async function work() {
  while (next < count) {
    const number = next++;
    const endpoint = `${origin}/fcm/send/${String(number).padStart(7, "0")}${"x".repeat(150)}`;
    const subscription = { endpoint, keys: devices[number % devices.length] };
    await webpush.sendNotification(subscription, payload, options);
  }
}

async function main() {
  const started = process.hrtime.bigint();
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: Number(atOnce) }, work));
  const used = process.cpuUsage(before);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const cpu = (used.user + used.system) / 1e6;
  console.log(JSON.stringify({ messages: count, seconds, cpu }));
  agent.destroy();
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
