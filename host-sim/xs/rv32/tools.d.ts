export declare function missingTools(): string | undefined;
