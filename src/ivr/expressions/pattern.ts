import { RE2JS, RE2JSException } from 're2js';

/** Characters. */
const LONGEST_PATTERN = 200;
const LONGEST_TEXT = 10_000;

export type CompiledPattern = { readonly ok: true; readonly found: (text: string) => boolean; readonly whole: (text: string) => boolean } | { readonly ok: false; readonly message: string };

/** A regular expression in RE2's syntax, as CEL has it: it takes time in proportion to the text, whatever the pattern is. */
export function compilePattern(written: string): CompiledPattern {
  if (written.length > LONGEST_PATTERN) return { ok: false, message: `a pattern of ${written.length} characters is too long; at most ${LONGEST_PATTERN}` };
  try {
    const pattern = RE2JS.compile(written);
    const fits = (text: string): boolean => text.length <= LONGEST_TEXT;
    return { ok: true, found: (text) => fits(text) && pattern.matcher(text).find(), whole: (text) => fits(text) && pattern.matches(text) };
  } catch (cause) {
    if (cause instanceof RE2JSException) return { ok: false, message: cause.message };
    throw cause;
  }
}
