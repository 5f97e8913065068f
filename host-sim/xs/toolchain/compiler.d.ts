export interface Compiler {
  command: string;
  version: string;
  bits: 32 | 64;
  flags: string[];
}
export declare const noCompiler: string;
export declare const no32Bits: string;
export declare function findCompiler(bits?: 32 | 64): Compiler | undefined;
