import type { Text } from '../io.js';

/** `warning`: it works, but less well than it should. `fault`: it will not start, or not take calls. */
export type Verdict = 'ok' | 'warning' | 'fault';
export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly text: Text;
  readonly hint?: Text;
}
export const same = (text: string): Text => ({ en: text, 'zh-CN': text });
