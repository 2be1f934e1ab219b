// Comfort only, for the desks that scan: their forms can be sent by hand without this file.
(() => {
  "use strict";
  const body = document.body;
  const scanBox = (within = document) => within.querySelector?.("input[data-scan]");

  // A scan box keeps the focus, unless somebody works elsewhere on purpose.
  const refocus = () => {
    const here = document.activeElement;
    if (!document.querySelector("dialog[open]") && (!here || here === body || here.tagName === "MAIN")) scanBox()?.focus();
  };
  document.addEventListener("focusout", () => setTimeout(refocus, 150));
  for (const back of ["htmx:afterSettle", "unlocked"]) body.addEventListener(back, refocus);
  refocus();

  // A scanner does not wait for the answer to its last code: what it types meanwhile stays, what it sends waits.
  // Nothing is lost without a network either: the code that was not sent is in the box again, the others behind it.
  const SETTLED = 50; // milliseconds until an answer's own form can be sent
  const waiting = [];
  let asking = null;
  body.addEventListener("htmx:beforeSend", ({ detail }) => {
    const box = scanBox(detail.elt);
    if (!box) return;
    asking = { box, text: box.value };
    box.value = "";
  });
  addEventListener("submit", (event) => {
    const box = asking && scanBox(event.target);
    if (!box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.push({ text: box.value, button: event.submitter?.name });
    box.value = "";
  }, true);
  body.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!asking || detail.requestConfig.elt !== asking.box.form) return;
    const { box: before, text } = asking, box = scanBox();
    if (box && detail.successful && box !== before) box.value = before.value;
    box?.focus();
    if (box && !detail.successful && !box.value) { box.value = text; box.select(); }
    setTimeout(() => { asking = null; if (detail.successful) sendNext(); }, SETTLED);
  });
  const sendNext = () => {
    const box = scanBox(), next = box?.form && waiting.shift();
    if (!next) return;
    const typed = box.value, button = next.button && box.form.querySelector(`button[name="${next.button}"]`);
    box.value = next.text;
    box.form.requestSubmit(button || undefined);
    box.value = typed;
  };
})();
