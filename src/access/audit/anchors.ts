import { appendFileSync, chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { anchored, type Anchor } from './chain.js';

/** The file of anchors: lines are only added, until there are too many and most of the older ones are left out. */
export interface Anchors {
  add(anchor: Omit<Anchor, 'mac'>): void;
}
/** `holds`: whether the database has that row with that hash. What contradicts it is evidence and never left out. */
export function createAnchors(path: string, key: Buffer, holds: (seq: number, hash: string) => boolean, { most = 10_000, kept = 1_000 }: { readonly most?: number; readonly kept?: number } = {}): Anchors {
  let lines = readAnchors(path).length;
  const thin = (): void => {
    const all = readAnchors(path);
    const left = all.filter((a, i) => a === undefined || a.kind === 'cut' || i === all.length - 1 || a.seq % kept === 0 || !holds(a.seq, a.hash));
    writeFileSync(`${path}.new`, left.map((a) => `${JSON.stringify(a ?? null)}\n`).join(''), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    lines = left.length;
  };
  return {
    add(anchor) {
      const fresh = lines === 0;
      appendFileSync(path, `${JSON.stringify(anchored(key, anchor))}\n`);
      if (fresh) chmodSync(path, 0o600);
      lines += 1;
      if (lines > most) thin();
    },
  };
}

/** A line that is none of ours comes as undefined. */
export function readAnchors(path: string): readonly (Anchor | undefined)[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '');
  return lines.map(anchorIn);
}

function anchorIn(line: string): Anchor | undefined {
  try {
    const { kind, seq, hash, mac } = JSON.parse(line) as Partial<Anchor>;
    return (kind === 'head' || kind === 'cut') && typeof seq === 'number' && typeof hash === 'string' && typeof mac === 'string' ? { kind, seq, hash, mac } : undefined;
  } catch {
    return undefined; // the caller counts it as a fault
  }
}
