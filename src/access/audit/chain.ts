import { createHmac } from 'node:crypto';
import type { AuditTable } from '../../store/index.js';

/** A line of the file beside the database: how far the log had come, or how far retention has cut it. */
export interface Anchor {
  readonly kind: 'head' | 'cut';
  readonly seq: number;
  readonly hash: string;
  readonly mac: string;
}
export type Link = Omit<AuditTable, 'hash'>;

const hmac = (key: Buffer, text: string): string => createHmac('sha256', key).update(text, 'utf8').digest('hex');

/** `before`: the hash of the row before; empty for the first. */
export function hashOf(key: Buffer, before: string, { seq, at, actor, actor_name, action, object, outcome, before: was, after, source, request }: Link): string {
  return hmac(key, `${before}\n${JSON.stringify([seq, at, actor, actor_name, action, object, outcome, was, after, source, request])}`);
}

const macOf = (key: Buffer, { kind, seq, hash }: Omit<Anchor, 'mac'>): string => hmac(key, `${kind}:${seq}:${hash}`);
export const anchored = (key: Buffer, anchor: Omit<Anchor, 'mac'>): Anchor => ({ ...anchor, mac: macOf(key, anchor) });

export type AuditFaultCode = 'audit.altered' | 'audit.removed' | 'audit.cut' | 'audit.replaced' | 'audit.no_anchors' | 'audit.anchor_forged';
export interface AuditFault {
  readonly code: AuditFaultCode;
  readonly seq: number;
  readonly message: string;
}

/**
 * Whether the rows, in order of `seq`, are those that were written: none altered, added, taken out or cut off. Anchors that do not
 * parse come as undefined.
 */
export function verifyChain(rows: Iterable<AuditTable>, anchors: readonly (Anchor | undefined)[], key: Buffer): { readonly rows: number; readonly faults: readonly AuditFault[] } {
  const faults: AuditFault[] = [];
  const fault = (code: AuditFaultCode, seq: number, message: string): void => void faults.push({ code, seq, message });
  const good = anchors.filter((a): a is Anchor => a !== undefined && macOf(key, a) === a.mac);
  if (good.length < anchors.length) fault('audit.anchor_forged', 0, `${anchors.length - good.length} line(s) of the anchors are not ours`);
  const heads = new Map<number, Set<string>>();
  for (const a of good) heads.set(a.seq, (heads.get(a.seq) ?? new Set()).add(a.hash));
  const last = good.reduce((most, a) => Math.max(most, a.seq), 0);
  const starts = new Map<number, string>([[0, ''], ...good.filter((a) => a.kind === 'cut').map((a) => [a.seq, a.hash] as const)]);
  const first = Math.max(...starts.keys());
  let [count, at, hash]: [number, number, string | undefined] = [0, 0, undefined];
  for (const row of rows) {
    if (count === 0) [at, hash] = [row.seq > first ? first : row.seq - 1, starts.get(row.seq - 1)];
    const gap = count === 0 ? hash === undefined : row.seq !== at + 1;
    if (gap) fault('audit.removed', at + 1, `rows ${at + 1} to ${row.seq - 1} are missing`);
    else if (hashOf(key, hash ?? '', row) !== row.hash) fault('audit.altered', row.seq, `row ${row.seq} is not as it was written`);
    if ([...(heads.get(row.seq) ?? [])].some((anchor) => anchor !== row.hash)) fault('audit.replaced', row.seq, `row ${row.seq} is another than the one that was anchored`);
    [count, at, hash] = [count + 1, row.seq, row.hash];
  }
  if (count > 0 && anchors.length === 0) fault('audit.no_anchors', 0, 'the file of anchors is missing or empty');
  if (last > at && !(count === 0 && starts.has(last))) fault('audit.cut', at + 1, `rows ${at + 1} to ${last} were cut off`);
  return { rows: count, faults };
}
