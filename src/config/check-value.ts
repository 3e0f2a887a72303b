import type { z } from 'zod';
import { checkYaml, type Source } from './yaml.js';

/** Something wrong with a value that stands in no file. */
export interface ValueIssue {
  readonly path: readonly PropertyKey[];
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: readonly ValueIssue[] };

/** Checks a value as `checkYaml` checks a file, with the same words. */
export function checkValue<T>(value: unknown, schema: z.ZodType<T>): Checked<T> {
  const issues: ValueIssue[] = [];
  const source: Source = {
    file: '', value,
    fault(path, code, message, hint) {
      issues.push({ path, code, message, hint });
      return { file: '', line: 0, column: 0, code, message, hint };
    },
  };
  const checked = checkYaml(source, schema);
  return checked.ok ? checked : { ok: false, issues };
}

/** RFC 6901: `/queues/support/relax/0`. */
export const pointer = (path: readonly PropertyKey[]): string => path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
