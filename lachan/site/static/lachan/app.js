// Comfort only: every page works without this file.
(() => {
  "use strict";
  const root = document.documentElement, body = document.body;
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  root.classList.add("js");

  // Toasts: server answers carry HX-Trigger {"toast": {"text": …, "tone": …}}.
  const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
  const toast = (text, tone = "ok") => {
    const box = make("div", `toast ${tone}`), close = make("button", "button plain", body.dataset.close || "✕");
    close.type = "button";
    close.dataset.dismiss = "";
    box.append(make("p", "", text), close);
    document.getElementById("toasts")?.append(box);
    if (tone === "ok") setTimeout(() => box.remove(), 8000);
  };
  body.addEventListener("toast", ({ detail }) => toast(detail.text || detail.value, detail.tone));

  // Sound of a verdict: short and high, longer and middle, long and low.
  const TONES = { pass: [880, .12], check: [520, .3], stop: [180, .6] };
  let speaker;
  const sound = (kind) => {
    if (!TONES[kind] || !window.AudioContext) return;
    speaker ||= new AudioContext();
    const tone = speaker.createOscillator();
    tone.type = "triangle";
    tone.frequency.value = TONES[kind][0];
    tone.connect(speaker.destination);
    tone.start();
    tone.stop(speaker.currentTime + TONES[kind][1]);
  };

  const begin = (within) => {
    all("[data-focus]", within).forEach((box) => box.closest("[data-quiet]") || box.focus());
    all("[data-sound]", within).forEach((verdict) => sound(verdict.dataset.sound));
    all("[data-area]", within).forEach(combo);
    all("[data-pick-all]", within).forEach(counted);
  };
  body.addEventListener("htmx:afterSettle", (event) => begin(event.target));
  body.addEventListener("htmx:sendError", () => all("#toasts .stop")[0] || toast(body.dataset.offline, "stop"));
  // Refusals are answers too: show what the server said under the form.
  body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if ([400, 409, 422].includes(detail.xhr.status)) { detail.shouldSwap = true; detail.isError = false; }
  });

  // Area search: a text box with a list of suggestions; the chosen code goes to the hidden box.
  const combo = (box) => {
    const list = document.getElementById(box.getAttribute("aria-controls")), code = document.getElementById(box.dataset.area);
    if (!list || !code) return;
    let timer, at;
    const options = () => all("[role=option]", list);
    const show = (html) => { list.innerHTML = html; at = -1; box.ariaExpanded = String(options().length > 0); box.removeAttribute("aria-activedescendant"); };
    const close = () => show("");
    const choose = (option) => { box.value = option.dataset.name; code.value = option.dataset.id; close(); box.dispatchEvent(new Event("change", { bubbles: true })); };
    const mark = (to) => {
      const shown = options();
      if (!shown.length) return;
      at = (to + shown.length) % shown.length;
      shown.forEach((option, index) => { option.ariaSelected = String(index === at); });
      box.setAttribute("aria-activedescendant", shown[at].id);
      shown[at].scrollIntoView({ block: "nearest" });
    };
    const ask = async () => {
      const typed = box.value.trim();
      if (typed.length < 2) return close();
      const answer = await fetch(`${box.dataset.url}?${new URLSearchParams({ q: typed, list: list.id })}`, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (answer?.ok && typed === box.value.trim()) show(await answer.text());
    };
    box.addEventListener("input", () => { code.value = ""; clearTimeout(timer); timer = setTimeout(ask, 180); });
    box.addEventListener("blur", () => setTimeout(close, 200));
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(at - 1); }
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(options()[at]); }
    });
    list.addEventListener("mousedown", (event) => { const option = event.target.closest("[role=option]"); if (option) { event.preventDefault(); choose(option); } });
  };

  // Select rows in bulk; [data-picked=NAME] shows how many.
  const counted = (master) => {
    const name = master.dataset.pickAll, boxes = () => all(`input[name="${name}"]`);
    const show = () => {
      const picked = boxes().filter((box) => box.checked).length;
      master.checked = picked > 0 && picked === boxes().length;
      master.indeterminate = picked > 0 && !master.checked;
      all(`[data-picked="${name}"]`).forEach((place) => { place.textContent = picked; });
    };
    master.addEventListener("change", () => { boxes().forEach((box) => { box.checked = master.checked; }); show(); });
    document.addEventListener("change", (event) => { if (event.target.name === name) show(); });
    show();
  };

  // data-confirm="dialog id": the button's form goes only after "yes".
  const confirmed = new WeakSet();
  document.addEventListener("click", (event) => {
    const near = (query) => event.target.closest(query);
    const opener = near("[data-open]"), asked = near("[data-confirm]");
    if (near("[data-dismiss]")) return near("[data-dismiss]").parentElement.remove();
    if (opener) return document.getElementById(opener.dataset.open)?.showModal();
    if (near("[data-print]")) return print();
    if (near("[data-theme-switch]")) return switchTheme();
    const dialog = asked && document.getElementById(asked.dataset.confirm);
    if (!dialog?.showModal || confirmed.delete(asked)) return;
    event.preventDefault();
    event.stopPropagation();
    dialog.returnValue = "";
    dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") { confirmed.add(asked); asked.click(); } }, { once: true });
    dialog.showModal();
  }, true);
  document.addEventListener("click", (event) => all("details.account[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));

  const switchTheme = () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  };

  // Idle screens hide what is on them until somebody comes back.
  const minutes = Number(body.dataset.idleMinutes || 0);
  if (minutes > 0) {
    let timer;
    const wake = () => { clearTimeout(timer); timer = setTimeout(lock, minutes * 6e4); };
    const lock = () => {
      if (body.classList.contains("locked")) return;
      const cover = make("div", "lock"), sheet = make("div", ""), button = make("button", "button primary", body.dataset.idleButton);
      const others = all(":scope > *", body);
      button.onclick = () => { cover.remove(); body.classList.remove("locked"); others.forEach((one) => { one.inert = false; }); wake(); body.dispatchEvent(new Event("unlocked")); };
      sheet.append(make("p", "", body.dataset.idleText), button);
      cover.append(sheet);
      others.forEach((one) => { one.inert = true; });
      body.classList.add("locked");
      body.append(cover);
      button.focus();
    };
    ["pointerdown", "keydown", "scroll"].forEach((kind) => addEventListener(kind, wake, { passive: true }));
    wake();
  }
  begin(document);
})();
