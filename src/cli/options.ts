import { parseArgs } from 'node:util';
import { WrongUse } from './errors.js';

export type Kinds = Readonly<Record<string, 'flag' | 'value'>>;
export type Options<K extends Kinds> = {
  readonly [N in keyof K]: K[N] extends 'flag' ? boolean : string | undefined;
} & { readonly rest: readonly string[] };

/**
 * Reads `--name`, `--name VALUE` and `--name=VALUE`; everything else is `rest`.
 * @throws WrongUse for an option the command does not have, or a missing value
 */
export function readOptions<const K extends Kinds>(args: readonly string[], kinds: K, usage: string): Options<K> {
  const options = Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, { type: kind === 'flag' ? 'boolean' as const : 'string' as const }]));
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    const all = Object.entries(kinds).map(([name, kind]) => [name, values[name] ?? (kind === 'flag' ? false : undefined)]);
    return { ...Object.fromEntries(all), rest: positionals } as Options<K>;
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('. ')[0] ?? cause.message) : String(cause);
    throw new WrongUse(message, { hint: `usage: strowger ${usage}`, cause });
  }
}
