import type { Io, Lang } from './io.js';

/** A terminal that remembers what was written to it. */
export function terminal({ env = {}, cwd = '.', lang = 'en' }: { env?: Record<string, string>; cwd?: string; lang?: Lang } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = { out: (line) => void out.push(line), err: (line) => void err.push(line), env, cwd, lang };
  return { io, out, err, text: () => out.join('\n'), json: () => JSON.parse(out.join('')) as unknown };
}
