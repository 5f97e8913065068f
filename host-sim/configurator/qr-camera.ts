/** Reads a QR code with the camera, in a dialog. What decodes it is loaded only then. */
import { make, say } from "../web/dom.js";

const lookEachMs = 120;
/** The longer side of what is decoded, pixels: a label in the hand is large enough in it. */
const sidePixels = 640;

const refusals: Readonly<Record<string, string>> = {
  NotAllowedError: "The camera is not allowed: allow it left of the page's address, or type the code.",
  NotFoundError: "There is no camera here: type the code.",
  NotReadableError: "Another program has the camera: end it, or type the code.",
};

/** The text of the first code that `fits`; undefined when the dialog was closed. */
export async function scanCode(fits: (text: string) => boolean): Promise<string | undefined> {
  const video = make("video", { playsinline: true, "aria-label": "What the camera sees" });
  video.muted = true;
  const word = make("p", { class: "soft", role: "status" }, "Starting the camera …");
  const close = make("button", { value: "" }, "Cancel");
  const frame = make("div", { class: "camera" }, video);
  const form = make("form", { method: "dialog" }, make("h2", { id: "camera-title" }, "Scan the QR code"), frame, word);
  form.append(make("div", { class: "buttons" }, close));
  const dialog = make("dialog", { "aria-labelledby": "camera-title" }, form);
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  let found: string | undefined;
  const ended = new Promise<void>((resolve) => dialog.addEventListener("close", () => resolve()));
  const stream = await openCamera(word, frame);
  if (stream !== undefined) {
    if (dialog.open) {
      video.srcObject = stream;
      await video.play().catch(() => {});
      const { decode } = await import("./qr-decoder.js");
      say(word, "Hold the board's label in front of the camera.");
      void (async () => {
        while (dialog.open) {
          const text = decode(video, sidePixels);
          if (text !== undefined && fits(text)) {
            found = text;
            dialog.close();
          } else if (text !== undefined) say(word, "This is a QR code, but not that of a Mote board.");
          await new Promise((resolve) => setTimeout(resolve, lookEachMs));
        }
      })();
    }
    await ended;
    for (const track of stream.getTracks()) track.stop();
  } else await ended;
  dialog.remove();
  if (before instanceof HTMLElement) before.focus();
  return found;
}

async function openCamera(word: HTMLElement, frame: HTMLElement): Promise<MediaStream | undefined> {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch (error) {
    const { name, message } = error as DOMException;
    say(word, refusals[name] ?? `The camera cannot be used: ${message}. Type the code.`);
    word.classList.add("wrong");
    frame.hidden = true;
    return undefined;
  }
}
