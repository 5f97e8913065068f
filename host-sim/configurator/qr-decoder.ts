/** Looks for a QR code in what a camera shows just now. A chunk of its own: most never need it. */
import { decodeQR } from "qr/decode.js";

const canvas = document.createElement("canvas");
const context = canvas.getContext("2d", { willReadFrequently: true })!;

/** Undefined: there is none to be read. */
export function decode(video: HTMLVideoElement, sidePixels: number): string | undefined {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return undefined;
  const scale = Math.min(1, sidePixels / Math.max(videoWidth, videoHeight));
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return undefined;
  }
}
