import { z } from 'zod';
import { toHours, whenForm, type Hours } from './hours.js';
import { name } from './fields.js';

/** Settings that are laid over the others while the set-up is in force. A value `null` means the default. */
export type Overlay = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** `promotion`, `night`: switched by hand or by date. Later ones of the file lie over earlier ones. */
export interface SetupConfig {
  readonly name: string;
  /** When it is in force by itself; undefined: by hand only. */
  readonly when: Hours | undefined;
  readonly queues: Overlay;
  readonly agents: Overlay;
}

const overlay = z.record(z.string(), z.record(z.string(), z.unknown())).default({});
export const setupForm = z.strictObject({ name, when: whenForm.optional(), queues: overlay, agents: overlay }).superRefine((s, ctx) => {
  for (const [list, key] of [['queues', 'name'], ['agents', 'id']] as const) {
    for (const [id, settings] of Object.entries(s[list]))
      if (key in settings) ctx.addIssue({ code: 'custom', path: [list, id, key], message: `a set-up cannot change "${key}"`, params: { key: true } });
  }
});
export type SetupForm = z.output<typeof setupForm>;

export const toSetup = (s: SetupForm): SetupConfig => ({ name: s.name, when: s.when && toHours(s.when), queues: s.queues, agents: s.agents });

export const setupsFile = z.strictObject({ setups: z.array(setupForm).max(100).default([]) });
