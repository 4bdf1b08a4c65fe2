// Shows config.json and asks, as long as someone looks, how the apps are.
// The shape of config.json is PortalConfig in ../portal.ts.

const PERIOD = 5_000;
// nginx gives an app one second to accept and one to answer.
const PATIENCE = 2_000;
const REMEMBERED = 24;
// Days before a stack's last day from which it is told; `slipway expire` has the same.
const WARN_DAYS = 3;
// Days before the end of a certificate from which it is told; `slipway doctor` has the same.
const WARN_CERTIFICATE_DAYS = 30;
const DAY = 86_400_000;

const STATES = {
  up: "Up",
  failing: "Failing",
  down: "Down",
  unknown: "Checking …",
  unchecked: "Not checked",
};

const byId = (id) => document.getElementById(id);

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Sets text only when it changed, so that a screen reader is not told the same again and again. */
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** One app on the page: its configuration, its card, and what the last checks found. */
class App {
  constructor(config) {
    this.config = config;
    this.state = config.health ? "unknown" : "unchecked";
    this.checks = [];
    this.card = byId("card").content.firstElementChild.cloneNode(true);
    const title = this.find(".title");
    title.textContent = config.title;
    title.href = config.url;
    this.find(".description").textContent = config.description ?? "";
    this.find(".url").append(...breakable(config.url.replace(/^https:\/\/|\/$/g, "")));
    const copy = this.find(".copy");
    copy.setAttribute("aria-label", `Copy the curl command for ${config.title}`);
    copy.addEventListener("click", () => copyText(copy, config.curl));
    this.find(".history").hidden = !config.health;
    this.show();
  }

  find(selector) {
    return this.card.querySelector(selector);
  }

  async check() {
    if (!this.config.health) return;
    const start = performance.now();
    let status;
    try {
      const answer = await fetch(this.config.health, {
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      status = answer.status;
    } catch {
      status = 0;
    }
    const time = Math.round(performance.now() - start);
    // 502 and 504 are nginx's own words for: nobody there, no answer in time.
    const reached = status !== 0 && status !== 502 && status !== 504;
    this.state = !reached ? "down" : status < 400 ? "up" : "failing";
    this.status = status;
    this.checks = [...this.checks, { state: this.state, time }].slice(-REMEMBERED);
    this.show();
  }

  show() {
    const { config, state, checks } = this;
    const pill = this.find(".state");
    pill.dataset.state = state;
    say(this.find(".word"), STATES[state]);
    const last = checks.at(-1);
    const detail = {
      up: () => `answers in ${last.time} ms`,
      failing: () => `answers with status ${this.status}`,
      down: () => "does not answer",
    }[state]?.();
    say(this.find(".meta"), [config.version, detail].filter(Boolean).join(" · "));

    const history = this.find(".history");
    const wells = checks.filter((check) => check.state === "up");
    const slowest = Math.max(40, ...wells.map((check) => check.time));
    history.replaceChildren(
      ...Array.from({ length: REMEMBERED - checks.length }, () => bar("none", 0.25)),
      ...checks.map((check) =>
        bar(check.state, check.state === "up" ? 0.25 + (0.75 * check.time) / slowest : 1),
      ),
    );
    history.setAttribute("aria-label", `${wells.length} of the last ${checks.length} checks were good`);
  }
}

function bar(className, share) {
  const made = element("span", { className });
  made.style.height = `${Math.round(share * 100)}%`;
  return made;
}

/** A long name may break after a dot or a slash, not anywhere. */
function breakable(text) {
  return text.split(/(?<=[./])/).flatMap((part) => [part, element("wbr")]);
}

async function copyText(button, text) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // Over plain http, or not allowed: show it, selected, for the user's own copy.
    const shown = element("code", { textContent: text, className: "url" });
    button.replaceWith(shown);
    getSelection().selectAllChildren(shown);
    return;
  }
  setTimeout(() => (button.textContent = label), 1_500);
}

function summarise(apps) {
  const checked = apps.filter((app) => app.config.health);
  const summary = byId("summary");
  if (checked.some((app) => app.state === "unknown")) return;
  const ill = checked.filter((app) => app.state !== "up");
  if (checked.length === 0) {
    delete summary.dataset.state;
    say(summary, apps.length === 1 ? "1 app" : `${apps.length} apps`);
  } else if (ill.length === 0) {
    summary.dataset.state = "up";
    say(summary, checked.length === 1 ? "The app is up" : "All apps are up");
  } else {
    summary.dataset.state = ill.some((app) => app.state === "down") ? "down" : "failing";
    say(summary, `${ill.length} of ${checked.length} apps ${ill.length === 1 ? "needs" : "need"} attention`);
  }
  document.title = `${ill.length > 0 ? "⚠ " : ""}${byId("stack").textContent} · ${byId("project").textContent}`;
}

/** @param certificates the first to end first */
function showStack(config, certificates) {
  byId("project").textContent = config.project;
  byId("stack").textContent = config.stack;
  document.title = `${config.stack} · ${config.project}`;

  const { address, http, https } = config.endpoint ?? {};
  const facts = [
    ["Stack", config.stack],
    ["Address", address],
    ["http", http && `port ${http}`],
    ["https", https && `port ${https}`],
    ...Object.entries(config.versions ?? {}),
    ["Certificates until", certificates[0] && expiry(certificates[0].validityEnd)],
    ["Expires", config.expires && expiry(config.expires)],
  ].filter(([, value]) => value !== undefined && value !== "");
  byId("facts").replaceChildren(
    ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, String(value))]),
  );
  byId("about").hidden = false;
  if (config.expires && daysUntil(config.expires) <= WARN_DAYS) warnOfExpiry(config);
  warnOfCertificates(certificates);

  const example = config.apps.find((app) => app.url.startsWith("https:"));
  if (config.caFingerprint === undefined) return;
  byId("trust").hidden = false;
  byId("fingerprint").textContent = config.caFingerprint;
  byId("curl").textContent = example?.curl ?? "";
  byId("terminal").hidden = example === undefined;
}

/** Days until a date, in UTC as everywhere else; the last day itself, 0, is still the stack's. */
const daysUntil = (date) => Math.floor(Date.parse(date) / DAY) - Math.floor(Date.now() / DAY);

/** A date, and how long that is from now. */
function expiry(date) {
  const distance = new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(daysUntil(date), "day");
  const day = new Date(date).toLocaleDateString("en-GB", { dateStyle: "medium", timeZone: "UTC" });
  return `${day} (${distance})`;
}

function warnOfExpiry({ expires, stack }) {
  const over = daysUntil(expires) < 0;
  byId("expiry").replaceChildren(
    over ? "This stack was needed until " : "This stack is needed until ",
    element("strong", {}, expiry(expires)),
    over ? ", and may be taken down at any moment. " : ", and may be taken down after that. ",
    element("code", {}, `slipway extend 7d --stack ${stack}`),
    " gives it another week.",
  );
  byId("expiry").hidden = false;
}

function warnOfCertificates(certificates) {
  const near = certificates.filter(({ validityEnd }) => daysUntil(validityEnd) <= WARN_CERTIFICATE_DAYS);
  byId("certificates").replaceChildren(
    ...near.flatMap(({ hosts, validityEnd }, index) => [
      ...(index > 0 ? [element("br")] : []),
      `The certificate of ${hosts.join(", ")} ${daysUntil(validityEnd) < 0 ? "ended" : "ends"} on `,
      element("strong", {}, expiry(validityEnd)),
      ".",
    ]),
  );
  byId("certificates").hidden = near.length === 0;
}

function notice(title, ...text) {
  byId("notice").replaceChildren(element("strong", {}, title), ...text);
  byId("notice").hidden = false;
}

async function poll(apps) {
  for (;;) {
    await Promise.all(apps.map((app) => app.check()));
    summarise(apps);
    byId("checked").textContent = `Checked at ${new Date().toLocaleTimeString("en-GB")}`;
    await new Promise((done) => setTimeout(done, PERIOD));
    // Nobody looks: ask again when somebody does.
    if (document.hidden) {
      await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
    }
  }
}

/** When the certificates end: a file that comes after the pod, and that a stack without TLS has not. */
async function certificatesOf() {
  try {
    const answer = await fetch("certificates.json", { cache: "no-store" });
    return answer.ok ? await answer.json() : [];
  } catch {
    return [];
  }
}

async function start() {
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.addEventListener("click", () => copyText(button, byId(button.dataset.copies).textContent));
  }
  let config;
  try {
    const answer = await fetch("config.json", { cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const server = answer.headers.get("X-Served-By");
    if (server) byId("footer").textContent = `Served by ${server}`;
    config = await answer.json();
  } catch (error) {
    byId("summary").dataset.state = "down";
    say(byId("summary"), "Nothing to show");
    notice(
      "The portal’s configuration cannot be read",
      element("code", {}, "config.json"),
      `: ${error.message}. `,
    );
    byId("notice").append(element("a", { href: "" }, "Try again"));
    return;
  }
  showStack(config, await certificatesOf());
  const apps = config.apps.map((app) => new App(app));
  byId("cards").replaceChildren(...apps.map((app) => app.card));
  if (apps.length === 0) {
    say(byId("summary"), "No apps");
    notice(
      "No apps yet",
      "Add one to the stack’s configuration and run ",
      element("code", {}, "pulumi up"),
      ".",
    );
    return;
  }
  summarise(apps);
  if (apps.some((app) => app.config.health)) await poll(apps);
}

await start();
