import type { Fact } from '../../events/index.js';

/** A fact as this room reads it: the same names after the first dot mean the same for every channel. */
export interface Told {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}
export const toldOf = ({ seq, at, type, data }: Fact): Told => ({ seq, at, type, data: { ...data } });

export const text = ({ data }: Told, key: string): string => {
  const value = data[key];
  return typeof value === 'string' ? value : '';
};
export const amount = ({ data }: Told, key: string): number => {
  const value = data[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
};
/** `call.queued` → `queued` */
export const verb = ({ type }: Told): string => type.slice(type.indexOf('.') + 1);
