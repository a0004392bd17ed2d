// The service worker of the sitting, served as /sw.js: keeps the sitting's page and its scripts and styles, so that a reload
// or a reopened browser without network still shows it. It touches nothing else: no answers, no paper, no other page.
//
// The server puts `self.THI` before this text: {version, files}. The browser looks for another version with every page of a
// sitting; it loads its files beside the old ones, takes the kept pages over and only then replaces this one. A page that is
// open has its scripts already and goes on. So the marks in a sitting's page are only ever added to, never renamed.

const CACHE = `thi-${self.THI.version}`;
const OURS = /^thi-/;
const SHEET = /<script type="application\/json" id="sheet">[^<]*<\/script>/;
const PAGE = /^\/thi\/bai\/[\w-]+$/;

// Milliseconds after which a page that is kept is shown rather than waited for.
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(load());
});

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("message", (event) => {
  const path = event.data?.keep;
  if (PAGE.test(path ?? "")) event.waitUntil(fetch(path).then((response) => keepPage(path, response)).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (PAGE.test(url.pathname)) event.respondWith(page(event, url.pathname));
  } else if (self.THI.files.includes(url.pathname)) event.respondWith(file(request, url.pathname));
});

/** All files, as they are now: what the browser's own cache holds may be an hour old. */
async function load() {
  await (await caches.open(CACHE)).addAll(self.THI.files.map((path) => new Request(path, { cache: "no-cache" })));
}

async function takeOver() {
  const cache = await caches.open(CACHE);
  for (const name of await caches.keys()) {
    if (!OURS.test(name) || name === CACHE) continue;
    const old = await caches.open(name);
    for (const request of await old.keys()) {
      const path = new URL(request.url).pathname;
      if (PAGE.test(path) && !(await cache.match(path))) await cache.put(path, await old.match(request));
    }
    await caches.delete(name);
  }
  await self.clients.claim();
}

/** The network's page if it comes soon and is one, else what is kept. */
async function page(event, path) {
  const fresh = fetch(event.request).then((response) => {
    event.waitUntil(keepPage(path, response.clone()));
    return response;
  });
  event.waitUntil(fresh.catch(() => {}));
  const kept = await (await caches.open(CACHE)).match(path);
  if (!kept) return fresh;
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  const answer = await Promise.race([fresh, late]).catch(() => undefined);
  return answer && answer.status < 500 ? answer : kept;
}

/** What is kept: at the bell nobody asks for scripts and styles. They are as new as this worker. */
async function file(request, path) {
  return (await (await caches.open(CACHE)).match(path)) ?? fetch(request);
}

/** Keep a page that could be sat; an answer that leads elsewhere, or says no, is none. The paper that came with it is left
    out: it tells the time of that moment, and that nothing had been answered. */
async function keepPage(path, response) {
  if (!response.ok || response.redirected || !(response.headers.get("Content-Type") ?? "").startsWith("text/html")) return;
  const page = (await response.text()).replace(SHEET, "");
  await (await caches.open(CACHE)).put(path, new Response(page, { headers: response.headers }));
}
