// The camera as a scanner, where the browser can read codes by itself.
export const possible = () => "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia;

export async function read(beside, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const video = document.createElement("video");
  video.className = "camera";
  video.playsInline = true;
  video.muted = true;
  video.srcObject = stream;
  beside.after(video);
  await video.play();
  const detector = new BarcodeDetector({ formats: ["code_128", "qr_code", "ean_13", "code_39"] });
  const stop = () => { stream.getTracks().forEach((track) => track.stop()); video.remove(); };
  video.addEventListener("click", stop);
  const look = async () => {
    if (!video.isConnected) return stop();
    const codes = await detector.detect(video).catch(() => []);
    if (codes.length) { stop(); return found(codes[0].rawValue); }
    requestAnimationFrame(look);
  };
  look();
}
