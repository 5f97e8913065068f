export interface BuildOptions {
  /** The repository. */
  root: string;
  /** Without it: 32 where the compiler can, else 64. */
  bits?: 32 | 64;
  say?: (line: string) => void;
  tick?: (done: number, of: number) => void;
}
export type BuildOutcome = { ok: true; bits: 32 | 64; program: string; built: boolean } | { ok: false; status: 1 | 3; message: string };
export declare function buildXs(options: BuildOptions): Promise<BuildOutcome>;
