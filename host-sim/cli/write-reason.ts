/** Why a file cannot be written, in words. */
const reasons: Record<string, string> = {
  ENOENT: "there is no such folder",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  EACCES: "it may not be written by you",
  EROFS: "its disk is read-only",
  ENOSPC: "its disk is full",
};

export function writeReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? message;
}
