// Every page works without this file. It prevents double clicks, folds filters, and restores forms after Back.
import { initAll as initGovuk } from "./govuk-frontend.min.js";
import { initAll as initMoj } from "./moj-frontend.min.js";

// Pages are not cached, so after Back a form would be empty. What is typed is stored in this tab, for the account that
// typed it, until it is saved or someone signs out.
const PREFIX = "form:";
const SENT = "sent-form";
const NEVER_KEPT = /password|(^|[_-])secret([_-]|$)|^csrfmiddlewaretoken$|^opened_by$/i;
const account = document.body.dataset.account;
const place = `${PREFIX}${account}:${location.pathname}${location.search}`;
const arrival = performance.getEntriesByType("navigation")[0];
const wasRefused = arrival.responseStatus >= 400;
const signOuts = new BroadcastChannel("sign-out");
let isSignedIn = account !== undefined;

const forms = [...document.querySelectorAll("main form[method=post]")].filter(
  (form) => !form.querySelector("input[type=password]"),
);

const forget = (isOld) => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX) && isOld(key)).forEach((key) => sessionStorage.removeItem(key));

const valuesOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NEVER_KEPT.test(name));

function keep() {
  if (!isSignedIn) return;
  try {
    sessionStorage.setItem(place, JSON.stringify(forms.map(valuesOf)));
  } catch {
    // The tab's storage is full: the form still works, but is not restored.
  }
}

function fill(form, values) {
  const left = [...values];
  const take = (name, matches = () => true) => {
    const index = left.findIndex((each) => each[0] === name && matches(each[1]));
    return index < 0 ? undefined : left.splice(index, 1)[0][1];
  };
  for (const control of form.elements) {
    if (!control.name || NEVER_KEPT.test(control.name)) continue;
    if (["checkbox", "radio"].includes(control.type)) {
      control.checked = take(control.name, (value) => value === control.value) !== undefined;
    } else if (control.tagName === "SELECT") {
      for (const option of control.options) option.selected = take(control.name, (value) => value === option.value) !== undefined;
    } else if (["INPUT", "TEXTAREA"].includes(control.tagName) && control.type !== "file") {
      control.value = take(control.name) ?? control.value;
    }
  }
}

function bringBack() {
  const kept = JSON.parse(sessionStorage.getItem(place) ?? "[]");
  if (kept.length !== forms.length) return;
  forms.forEach((form, index) => fill(form, kept[index]));
  const differs = (control) => control.value !== control.defaultValue || control.checked !== control.defaultChecked;
  for (const details of document.querySelectorAll("main form details")) {
    if ([...details.querySelectorAll("input, textarea, select")].some(differs)) details.open = true;
  }
}

if (isSignedIn) {
  forget((key) => !key.startsWith(`${PREFIX}${account}:`));
  if (!wasRefused) sessionStorage.removeItem(sessionStorage.getItem(SENT) ?? "");
  const isReturn = ["back_forward", "reload"].includes(arrival.type);
  if (isReturn && !wasRefused && !document.querySelector("[data-unsaved]")) bringBack();
}
sessionStorage.removeItem(SENT);
// After Back to the response to a form, load the page instead of asking whether to send the form again. Chromium only
// allows this after the page has loaded.
if ("posted" in document.body.dataset) {
  addEventListener("load", () => setTimeout(() => history.replaceState(history.state, "", location.href)));
}

for (const form of forms) {
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, place));
}

// A long form that the service stores as a draft saves itself while somebody types. Files wait for its own button.
const IDLE = 10_000;
for (const form of forms.filter((form) => "autosave" in form.dataset)) {
  let waiting;
  let isSent = false;
  async function save() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (typeof value !== "string") data.delete(name);
    data.set("autosave", "1");
    try {
      const response = await fetch(form.action, { method: "POST", body: data, redirect: "error" });
      const answer = await response.json();
      if (isSent) return;
      for (const [name, version] of Object.entries(answer.versions)) form.elements[name].value = version;
      document.querySelector("[data-saved]").textContent = answer.text;
      keep();
    } catch {
      // Not saved: what was typed is still in the form, and its button says what is wrong.
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, IDLE);
  });
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(waiting);
  });
}

// Use extends a session. Five minutes before it ends, every tab says so and offers to extend it.
const WARNING = 5 * 60;
const idleLength = Number(document.body.dataset.idle);
let sessionLength = Number(document.body.dataset.session);
const session = new BroadcastChannel("session");
const warning = document.querySelector("[data-session-warning]");
let ending;
function expectEnd(seconds) {
  sessionLength = seconds;
  clearTimeout(ending);
  warning.hidden = true;
  // In its last half hour no use extends it.
  const isLast = sessionLength < idleLength - 60;
  warning.querySelector("form").hidden = isLast;
  warning.querySelector("[data-session-last]").hidden = !isLast;
  ending = setTimeout(() => (warning.hidden = false), Math.max(sessionLength - WARNING, 0) * 1000);
}
if (warning) {
  expectEnd(sessionLength);
  session.postMessage(sessionLength);
  session.addEventListener("message", (event) => expectEnd(event.data));
  warning.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const response = await fetch(event.target.action, { method: "POST", body: new FormData(event.target), redirect: "manual" });
    if (!response.ok) return location.reload();
    expectEnd(Number(response.headers.get("X-Session-Seconds")));
    session.postMessage(sessionLength);
  });
}
document.querySelector(".app-account__form")?.addEventListener("submit", () => {
  forget(() => true);
  signOuts.postMessage("");
});
signOuts.addEventListener("message", () => {
  isSignedIn = false;
  forget(() => true);
});

// How strong a new password is, while it is typed; web/sign_in.py says the same once it is sent.
const STRENGTHS = [20, 16, 12, 1];
for (const input of document.querySelectorAll("input[data-strength]")) {
  const status = document.createElement("p"), words = JSON.parse(input.dataset.strength);
  status.className = "govuk-hint";
  status.setAttribute("role", "status");
  input.after(status);
  input.addEventListener("input", () => {
    const length = Math.min(input.value.length, 2 * new Set(input.value).size);
    status.textContent = words[STRENGTHS.findIndex((least) => length >= least)] ?? "";
  });
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
const counting = document.body.dataset.counting;
initGovuk(counting ? { characterCount: { i18n: JSON.parse(counting) } } : {});
initMoj();

// allauth's script says so when the browser refused, or the person cancelled.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelector("[data-passkey-problem]")?.removeAttribute("hidden");
});

// Work that goes on in the background: read its page again until it is done, and say each change.
const POLL_MS = 3000;
const MOST_POLLS = 200;
let polls = 0;
const poll = async () => {
  const region = document.querySelector("[data-poll]");
  if (!region || polls === MOST_POLLS) return;
  polls += 1;
  const answer = await fetch(window.location.href).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-poll]");
    if (!next) {
      window.location.reload();
      return;
    }
    if (next.textContent !== region.textContent) region.replaceChildren(...next.childNodes);
  }
  setTimeout(poll, POLL_MS);
};
setTimeout(poll, POLL_MS);

// Reading a long file takes a while: say that it goes on.
const PROGRESS_AFTER_MS = 2000;
for (const form of document.querySelectorAll("form[data-progress]")) {
  form.addEventListener("submit", () => {
    const status = document.createElement("p");
    status.className = "govuk-body";
    status.setAttribute("role", "status");
    form.append(status);
    setTimeout(() => { status.textContent = form.dataset.progress; }, PROGRESS_AFTER_MS);
  });
}
