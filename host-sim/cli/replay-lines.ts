/** A file's lines, read as they are asked for: of a file of any size, one piece is in memory. */
import { open } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { failure, success, type Result } from "../../firmware/base/result.js";

const pieceBytes = 256 * 1024;
/** No line of a trace comes near, characters. */
const lineLengthMax = 16 * 1024 * 1024;

/** The lines of a piece, together: one by one they would each cost a promise. Throws `LineTooLong`, and what the disk throws. */
export type Lines = AsyncIterable<readonly string[]>;

export class LineTooLong extends Error {}

export async function openLines(path: string): Promise<Result<Lines, "file">> {
  try {
    const file = await open(path, "r");
    if ((await file.stat()).isDirectory()) {
      await file.close();
      return failure("file", `${path}: it is a folder, not a file`);
    }
    return success(pieces(file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return failure("file", `${path}: ${reasons[code ?? ""] ?? message}`);
  }
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of its path is no folder",
  EISDIR: "it is a folder, not a file",
  EACCES: "it may not be read by you",
};

async function* pieces(file: Awaited<ReturnType<typeof open>>): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder("utf8");
  const bytes = Buffer.allocUnsafe(pieceBytes);
  let rest = "";
  try {
    for (;;) {
      const { bytesRead } = await file.read(bytes, 0, pieceBytes);
      if (bytesRead === 0) break;
      const text = decoder.write(bytes.subarray(0, bytesRead));
      if (!text.includes("\n")) {
        rest += text;
        if (rest.length > lineLengthMax) throw new LineTooLong();
        continue;
      }
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      yield lines;
    }
    rest += decoder.end();
    if (rest !== "") yield [rest];
  } finally {
    await file.close();
  }
}
