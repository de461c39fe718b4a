// The camera as a scanner: by the browser's own reader of codes where there is one, else by ours for Code 128.
import { read as code128 } from "./code128.js";

const FORMATS = ["code_128", "qr_code", "ean_13", "ean_8", "code_39", "data_matrix"];
const PAUSE = 120; // milliseconds between two looks
const WIDE = 960;

export const possible = () => Boolean(navigator.mediaDevices?.getUserMedia);

// Shows the picture in `box` until a code was found or somebody ends it. Rejects when there is no camera to use.
export async function read(box, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  const video = box.querySelector("video");
  const look = await reader();
  let open = true;
  const stop = () => {
    open = false;
    stream.getTracks().forEach((track) => track.stop());
    box.hidden = true;
  };
  box.querySelector("[data-camera-end]").addEventListener("click", stop, { once: true });
  video.srcObject = stream;
  box.hidden = false;
  await video.play();
  while (open && video.isConnected) {
    const code = await look(video);
    if (code && open) { stop(); found(code); }
    await new Promise((done) => { setTimeout(done, PAUSE); });
  }
  if (open) stop();
}

async function reader() {
  const known = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []) ?? [];
  const formats = FORMATS.filter((format) => known.includes(format));
  if (!formats.length) return ours();
  const detector = new BarcodeDetector({ formats });
  return async (video) => (await detector.detect(video).catch(() => []))[0]?.rawValue ?? null;
}

function ours() {
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    if (!video.videoWidth) return null;
    const scale = Math.min(1, WIDE / video.videoWidth);
    [canvas.width, canvas.height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    brush.drawImage(video, 0, 0, canvas.width, canvas.height);
    return code128(brush.getImageData(0, 0, canvas.width, canvas.height));
  };
}
