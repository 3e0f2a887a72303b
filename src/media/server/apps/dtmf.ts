import type { App } from './app.js';
import { toInt } from './split.js';

/** `digits[@milliseconds]` */
export const sendDtmf: App = async ({ server, session, data }) => {
  const [digits = '', duration] = data.split('@');
  const durationMs = toInt(duration, 0);
  try {
    await session.media.sendDtmf(digits.trim(), durationMs > 0 ? { durationMs } : {});
  } catch (error) {
    server.log.warn({ uuid: session.uuid, err: error }, 'digits could not be sent');
  }
};

/** As if the far end had pressed them. */
export const queueDtmf: App = ({ session, data }) => {
  queueDigits(session.digits.push, data);
  return undefined;
};

const DEFAULT_UNITS = 2000;

/** @returns whether there was a digit among them */
export function queueDigits(push: (digit: { digit: string; duration: number; source: 'app' }) => void, text: string): boolean {
  const [digits = '', duration] = text.split('@');
  const known = digits.toUpperCase().match(/[0-9*#A-D]/g) ?? [];
  for (const digit of known) push({ digit, duration: toInt(duration, DEFAULT_UNITS / 8) * 8, source: 'app' });
  return known.length > 0;
}
