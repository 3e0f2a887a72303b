import { Failed } from './attempt.js';

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The secrets that a text names, for checks. */
export const secretNames = (text: string): readonly string[] => [...text.matchAll(REFERENCE)].map(([, name = '']) => name);

/** @throws Failed `secret` for a name that is not set, or a value no header can carry */
export function fill(text: string, secrets: (name: string) => string | undefined): string {
  const filled = text.replace(REFERENCE, (_, name: string) => {
    const value = secrets(name);
    if (value === undefined || value === '') throw new Failed('secret', `\${${name}} is not set`);
    return value;
  });
  if (/[\r\n\0]/.test(filled)) throw new Failed('secret', 'a header must be one line');
  return filled;
}
