/** Installs what of these packages is missing, where Debian's packages can be: by root. */
export declare function installDebian(packages: readonly string[]): Promise<void>;
