/**
 * Splits arguments at blanks as switch_separate_string does: single quotes hold words together, the last of `most` parts
 * takes whatever is left.
 */
export function splitArgs(text: string, most = Infinity): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    if (parts.length === most - 1) {
      parts.push(unquote(rest));
      break;
    }
    const [, word = rest, tail = ''] = /^((?:'[^']*'|[^' ]|'(?![^']*'))+)(?: +([^]*))?$/.exec(rest) ?? [];
    parts.push(unquote(word));
    rest = tail;
  }
  return parts;
}

const unquote = (word: string): string => word.replace(/'([^']*)'/g, '$1');

/** The leading digits of a word as atoi reads them; `otherwise` when there are none. */
export function toInt(text: string | undefined, otherwise: number): number {
  const digits = /^\s*[+-]?\d+/.exec(text ?? '')?.[0];
  return digits === undefined ? otherwise : Number(digits);
}

/** `{a=1,b=2}rest` → the settings and the rest; several such groups may follow each other. */
export function leadingVars(text: string): { readonly vars: Map<string, string>; readonly rest: string } {
  const vars = new Map<string, string>();
  let rest = text;
  for (let group = /^\{([^}]*)\}\s*/.exec(rest); group; group = /^\{([^}]*)\}\s*/.exec(rest)) {
    for (const pair of (group[1] ?? '').split(',')) {
      const at = pair.indexOf('=');
      if (at > 0) vars.set(pair.slice(0, at).trim(), pair.slice(at + 1).replace(/^'(.*)'$/, '$1'));
    }
    rest = rest.slice(group[0].length);
  }
  return { vars, rest };
}
