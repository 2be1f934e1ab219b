// Comfort only: the page works without this file. Where the browser reads codes itself, the camera does.
(() => {
  "use strict";
  const get = (id) => document.getElementById(id);
  const form = get("check"), video = get("view"), said = get("camera-said");
  document.querySelector("[data-begin]")?.focus();
  get("picture").addEventListener("change", (event) => { if (event.target.files.length) form.submit(); });
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  document.querySelector(".live").hidden = false;
  document.documentElement.classList.add("js");

  const look = async (detector, stream) => {
    const found = await detector.detect(video).catch(() => []);
    if (found.length !== 1) return setTimeout(look, 150, detector, stream);
    stream.getTracks().forEach((track) => track.stop());
    get("text").value = found[0].rawValue;
    form.submit();
  };
  get("camera").addEventListener("click", async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      said.textContent = said.dataset.look;
      look(detector, stream);
    } catch { said.textContent = said.dataset.denied; }
  });
})();
