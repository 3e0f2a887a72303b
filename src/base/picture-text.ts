/** What the fonts of a picture are asked for; the last one is always there. */
export const FONTS = "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif";

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** About how wide it is, in the size of its letters: Chinese fills a square, Latin a good half. */
export const widthOf = (text: string): number => Array.from(text).reduce((sum, c) => sum + (WIDE.test(c) ? 1 : /[A-Z@%mwMW]/.test(c) ? 0.72 : /[ilj.,:;'|!()[\]]/.test(c) ? 0.34 : 0.56), 0);

/** In lines of at most that width; what needs more lines ends in "…". Breaks between words, and anywhere in Chinese. */
export function wrap(text: string, width: number, lines: number): readonly string[] {
  const words = text.replace(/\s+/g, ' ').trim().match(/[\p{Script=Han}，。？！、；：“”]|[^\s\p{Script=Han}，。？！、；：“”]+\s*|\s+/gu) ?? [];
  const done: string[] = [];
  let line = '';
  for (const word of words.flatMap((one) => pieces(one, width))) {
    if (widthOf(line + word.trimEnd()) <= width) line += word;
    else {
      done.push(line.trimEnd());
      line = word;
    }
  }
  if (line.trim() !== '') done.push(line.trimEnd());
  const kept = done.filter((one) => one !== '');
  if (kept.length <= lines) return kept;
  return [...kept.slice(0, lines - 1), cut(kept[lines - 1] ?? '', width)];
}

/** A word that is wider than a line. */
function pieces(word: string, width: number): string[] {
  if (widthOf(word.trimEnd()) <= width) return [word];
  const done: string[] = [];
  let piece = '';
  for (const c of word) {
    if (widthOf(piece + c) > width) {
      done.push(piece);
      piece = '';
    }
    piece += c;
  }
  return [...done, piece];
}

/** At most that wide; what is longer ends in "…". */
export const shorten = (text: string, width: number): string => (widthOf(text) <= width ? text : cut(text, width));

function cut(text: string, width: number): string {
  let kept = text;
  while (kept !== '' && widthOf(`${kept}…`) > width) kept = Array.from(kept).slice(0, -1).join('');
  return `${kept}…`;
}

/** As text or attribute of XML. */
export const xml = (text: string): string =>
  // Control characters are not XML 1.0 at all.
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
