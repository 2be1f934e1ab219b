// A new code every half-minute while somebody looks at the page. Without this file the page says until when one holds.
(() => {
  "use strict";
  const MOST = 40, AGAIN = 3000;  // twenty minutes: a telephone left lying does not keep the book open
  const box = document.querySelector("[data-live]"), stale = document.querySelector("[data-stale]");
  if (!box || !stale) return;
  let next, until, timer, renewed = 0;

  const begin = () => {
    const { next: soon, left } = box.firstElementChild.dataset;
    next = Date.now() + Number(soon);
    until = Date.now() + Number(left);
  };
  const tell = () => {
    stale.hidden = Date.now() < until;
    box.classList.toggle("stale", !stale.hidden);
  };
  const renew = async () => {
    const answer = await fetch(box.dataset.live, { cache: "no-store", redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    box.innerHTML = await answer.text();
    renewed += 1;
    begin();
  };
  const look = async () => {
    clearTimeout(timer);
    if (!document.hidden && renewed < MOST && Date.now() >= next) await renew().catch(() => {});
    tell();
    const wait = Date.now() < next ? next - Date.now() : AGAIN;
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(wait, Math.max(until - Date.now(), 1000)));
  };

  begin();
  look();
  document.addEventListener("visibilitychange", look);
  addEventListener("online", look);
})();
