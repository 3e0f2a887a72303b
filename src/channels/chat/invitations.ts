import type { ChatInvitation } from '../../config/index.js';

/** `*` stands for anything; compared part by part, so nobody can make this slow. */
export function pageMatches(pattern: string, url: string): boolean {
  const bare = url.replace(/[?#].*$/s, '');
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return bare === pattern;
  const last = rest.pop() ?? '';
  if (!bare.startsWith(first) || !bare.endsWith(last) || bare.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = bare.indexOf(part, at);
    if (found < 0 || found + part.length > bare.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** The first that this page calls for and that has not been made yet. */
export const invitationFor = (all: readonly ChatInvitation[], { url, pages, made }: { readonly url: string; readonly pages: number; readonly made: ReadonlySet<string> }): ChatInvitation | undefined =>
  all.find((one) => pages >= one.minPages && !made.has(one.name) && one.pages.some((pattern) => pageMatches(pattern, url)));
