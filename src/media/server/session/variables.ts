/** Channel variables: names keep their spelling but compare without case, as headers of a FreeSWITCH event do. */
export interface Variables {
  readonly get: (name: string) => string | undefined;
  /** undefined or an empty value removes it. */
  readonly set: (name: string, value: string | undefined) => void;
  readonly isTrue: (name: string) => boolean;
  readonly entries: () => Iterable<readonly [name: string, value: string]>;
  /** Called after each change of that variable. */
  readonly watch: (name: string, changed: (value: string | undefined) => void) => void;
}

const TRUE = /^(?:yes|on|true|t|enabled|active|allow)$/i;

/** switch_true(): the words for yes, and every number but 0. */
export const isTrue = (text: string | undefined): boolean => text !== undefined && (TRUE.test(text) || (/^[+-]?\d+(\.\d+)?$/.test(text) && Number(text) !== 0));

export function createVariables(): Variables {
  const values = new Map<string, readonly [name: string, value: string]>();
  const watchers = new Map<string, (value: string | undefined) => void>();
  const get = (name: string): string | undefined => values.get(name.toLowerCase())?.[1];
  return {
    get,
    set(name, value) {
      const key = name.toLowerCase();
      const kept = value === '' ? undefined : value;
      if (kept === undefined) values.delete(key);
      else values.set(key, [values.get(key)?.[0] ?? name, kept]);
      watchers.get(key)?.(kept);
    },
    isTrue: (name) => isTrue(get(name)),
    entries: () => values.values(),
    watch: (name, changed) => void watchers.set(name.toLowerCase(), changed),
  };
}

/** Puts values in the place of `${name}`, and of `$${name}` for globals; unknown names become nothing. */
export function expand(text: string, variable: (name: string) => string | undefined, global: (name: string) => string | undefined): string {
  if (!text.includes('${')) return text;
  return text.replace(/(\$?)\$\{([^{}]*)\}/g, (_whole, dollar: string, name: string) => (dollar ? global(name) : variable(name)) ?? '');
}
