import { fileURLToPath } from 'node:url';

/** A folder that comes with the package: `config`, `dialplans`. */
export const shipped = (folder: string): string => fileURLToPath(new URL(`../../${folder}`, import.meta.url));
