// Comfort only, for the pages that ask where something is: the box for an area can be typed in without this file.
(() => {
  "use strict";
  const toast = (text) => document.body.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "warn" } }));

  // [data-locate=box id]: fills an area's box with the commune nearest to where the telephone is, if its owner agrees.
  const locator = (button) => {
    const box = document.getElementById(button.dataset.locate), code = box && document.getElementById(box.dataset.area);
    const token = button.closest("form")?.querySelector("[name=csrfmiddlewaretoken]");
    if (!code || !token || !navigator.geolocation || !isSecureContext) return;
    const failed = () => { button.disabled = false; toast(button.dataset.failed); };
    const found = async ({ coords }) => {
      const place = { lat: coords.latitude.toFixed(3), lon: coords.longitude.toFixed(3), csrfmiddlewaretoken: token.value };
      const answer = await fetch(button.dataset.url, { method: "POST", body: new URLSearchParams(place) }).catch(() => null);
      const list = document.createElement("ul");
      list.innerHTML = answer?.ok ? await answer.text() : "";
      const nearest = list.querySelector("[role=option]");
      if (!nearest) return failed();
      box.value = nearest.dataset.name;
      code.value = nearest.dataset.id;
      button.disabled = false;
      box.dispatchEvent(new Event("change", { bubbles: true }));
      box.focus();
    };
    button.hidden = false;
    button.addEventListener("click", () => { button.disabled = true; navigator.geolocation.getCurrentPosition(found, failed, { timeout: 15000, maximumAge: 60000 }); });
  };
  document.querySelectorAll("[data-locate]").forEach(locator);
})();
