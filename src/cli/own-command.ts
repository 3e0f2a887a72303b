import { fileURLToPath } from 'node:url';

/** How this very program is started again: node, its own options, and the script beside this file. */
export const ownCommand = (): readonly [file: string, ...args: string[]] => [
  process.execPath, ...process.execArgv, fileURLToPath(new URL('./main.js', import.meta.url)),
];
