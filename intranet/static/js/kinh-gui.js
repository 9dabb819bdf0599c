/* Comfort only: every page works without this file.
   K12: keyboard focus survives a partial update. K8: what was typed survives the session's end. */
"use strict";

const KEPT = "kinhgui:";
const owner = document.body.dataset.owner || "";
const clock = new Intl.DateTimeFormat("vi", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Ho_Chi_Minh" });

// -- Focus after an htmx swap: the same control, else its like, else the part that changed --

let before = null;

document.addEventListener("htmx:beforeSwap", () => {
  const active = document.activeElement;
  before = active && active !== document.body
    ? { id: active.id, name: active.getAttribute("name"), value: active.value, href: active.getAttribute("href") }
    : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  rolesFor(event.target);
  showPrint(event.target);
  if (!before || document.activeElement !== document.body) return;
  const part = event.target;
  const like = [...part.querySelectorAll("a, button, input, select, textarea")].find((el) =>
    (before.name && el.name === before.name && (el.type !== "radio" || el.value === before.value))
    || (before.href && el.getAttribute("href") === before.href));
  const next = (before.id && document.getElementById(before.id)) || part.querySelector("[data-focus]") || like || part;
  if (next === part && !part.hasAttribute("tabindex")) part.tabIndex = -1;
  next.focus({ preventScroll: true });
  before = null;
});

// -- One click is one act: a form is sent once, unless nothing came back for 8 seconds --

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-sign-out]")) forget(() => true);
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (Date.now() - (form.sentAt || 0) < 8000) return event.preventDefault();
  form.sentAt = Date.now();
  if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
});

window.addEventListener("pageshow", () => {
  for (const form of document.forms) form.sentAt = 0;
  for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
});

// -- Autosave: <form data-autosave="URL">, see components/autosave.html --

/* Copies belong to one person: the next user of a shared computer finds none. */
function forget(which) {
  for (const key of Object.keys(localStorage)) if (key.startsWith(KEPT) && which(key)) localStorage.removeItem(key);
}

function typed(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File || name === "csrfmiddlewaretoken") data.delete(name);
  for (const secret of form.querySelectorAll("[type=password]")) data.delete(secret.name);
  return data;
}

function autosave(form) {
  const key = `${KEPT}${owner}:${location.pathname}:${form.id}`;
  const status = form.querySelector("[data-autosave-status]");
  const restore = form.querySelector("[data-autosave-restore]");
  const say = (word, time) => { if (status) status.textContent = time ? `${status.dataset[word]} ${time}` : status.dataset[word]; };
  let timer = 0;
  let stopped = false;
  let saving = null;

  function start() {
    timer = 0;
    saving = save().finally(() => { saving = null; });
  }

  async function save() {
    const data = typed(form);
    const copy = JSON.stringify([...data]);
    data.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]")?.value || "");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: data, redirect: "manual", headers: { Accept: "application/json" } });
      if (answer.ok) {
        const json = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
        localStorage.removeItem(key);
        /* The page has seen its own save: the next one does not meet it as somebody else's. */
        if (json.edits !== undefined && form.elements.seen_edits) form.elements.seen_edits.value = json.edits;
        say("saved", json.saved_at || clock.format(new Date()));
      } else if (answer.status === 409) {
        stopped = true;
        say("conflict");
      } else if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
        localStorage.setItem(key, copy);
        say("kept");
      } else throw new Error(answer.status);
    } catch {
      say("failed");
      timer ||= setTimeout(start, 15000);
    }
  }

  form.addEventListener("input", () => { if (!timer && !stopped) timer = setTimeout(start, 4000); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    stopped = true;
    if (!saving) return;
    event.preventDefault();
    event.stopPropagation();
    saving.then(() => form.requestSubmit(event.submitter));
  });

  if (restore && localStorage.getItem(key)) {
    restore.hidden = false;
    restore.addEventListener("click", () => {
      const copy = JSON.parse(localStorage.getItem(key));
      for (const field of form.elements) {
        const values = copy.filter(([name]) => name === field.name).map(([, value]) => value);
        if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
        else if (field.multiple && field.options) for (const option of field.options) option.selected = values.includes(option.value);
        else if (values.length && field.type !== "hidden" && field.type !== "file") field.value = values[0];
      }
      restore.hidden = true;
      form.dispatchEvent(new Event("input", { bubbles: true }));
      (form.querySelector("input:not([type=hidden]), textarea") || form).focus();
    });
  }
}

// -- Tables drawn as blocks on a phone keep their roles for screen readers --

function rolesFor(part) {
  const roles = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell", "thead th": "columnheader", "tbody th": "rowheader" };
  for (const [what, role] of Object.entries(roles))
    for (const el of part.querySelectorAll(what === "table" ? ".stack" : `.stack ${what}`)) el.setAttribute("role", role);
}

function showPrint(part) {
  for (const button of part.querySelectorAll("[data-print]")) button.hidden = false;
}

document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });

rolesFor(document);
showPrint(document);
if (owner) forget((key) => !key.startsWith(`${KEPT}${owner}:`));
document.querySelectorAll("form[data-autosave]").forEach(autosave);
