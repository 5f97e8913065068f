export declare const xsPackage: { name: string; version: string; integrity: string };
export declare function integrityError(bytes: Uint8Array, integrity?: string): string | undefined;
export declare function xsSources(cache: string, say: (line: string) => void): string;
