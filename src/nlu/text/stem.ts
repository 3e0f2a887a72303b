const KEPT = new Set(['this', 'is', 'was', 'has', 'does', 'as', 'us', 'its', 'his', 'yes', 'bus', 'gas', 'plus', 'less', 'address', 'access', 'business', 'process', 'news', 'always', 'status', 'thing', 'nothing', 'something', 'anything', 'bring', 'king', 'ring', 'during', 'need', 'speed', 'feed', 'red', 'bed', 'used']);
const ENDINGS: readonly (readonly [ending: RegExp, instead: string])[] = [
  [/ies$/u, 'y'], [/(?<=ss|sh|ch|x|z)es$/u, ''], [/(?<=[^su])s$/u, ''],
  [/ied$/u, 'y'], [/([bdgklmnprt])\1(?:ed|ing)$/u, '$1'], [/(?<=[a-z]{3})(?:ed|ing)$/u, ''], [/(?<=[a-z]{2}[aeiouy][a-z])(?:ation|ment)s?$/u, ''],
];

/** The word without its common English endings: "cancelled", "cancels" and "cancelling" become one. Not a dictionary form. */
export function stem(word: string): string {
  if (word.length < 4 || KEPT.has(word)) return word;
  let cut = word;
  for (const [ending, instead] of ENDINGS) cut = cut.replace(ending, instead);
  return cut.length >= 4 ? cut.replace(/e$/u, '') : cut;
}
