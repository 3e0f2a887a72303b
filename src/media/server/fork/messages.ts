/** What the far end of a fork may say, as JSON text. */
export type ForkMessage =
  | { readonly kind: 'event'; readonly event: string; readonly body: string | undefined }
  | { readonly kind: 'kill_audio' }
  | { readonly kind: 'play_audio'; readonly data: Readonly<Record<string, unknown>>; readonly audio: { readonly bytes: Buffer; readonly extension: string } | undefined };

const EVENTS: ReadonlySet<string> = new Set(['transcription', 'transfer', 'disconnect', 'error']);
const RATES: Readonly<Record<number, string>> = { 8000: '.r8', 16000: '.r16', 24000: '.r24', 32000: '.r32', 48000: '.r48', 64000: '.r64' };

/** @returns undefined for what mod_audio_fork does not know either */
export function parseMessage(text: string): ForkMessage | undefined {
  const message = objectOf(text);
  const type = message?.['type'];
  if (!message || typeof type !== 'string') return undefined;
  const { data } = message;
  if (type === 'json') return { kind: 'event', event: 'json', body: JSON.stringify(message) };
  if (type === 'killAudio') return { kind: 'kill_audio' };
  if (type === 'playAudio') return isObject(data) ? playAudio(data) : undefined;
  return EVENTS.has(type) ? { kind: 'event', event: type, body: data === undefined ? undefined : JSON.stringify(data) } : undefined;
}

function playAudio({ audioContent, ...data }: Readonly<Record<string, unknown>>): ForkMessage {
  const extension = extensionOf(data['audioContentType'], data['sampleRate']);
  if (typeof audioContent !== 'string' || extension === undefined) return { kind: 'play_audio', data, audio: undefined };
  return { kind: 'play_audio', data, audio: { bytes: Buffer.from(audioContent, 'base64'), extension } };
}

function extensionOf(type: unknown, rate: unknown): string | undefined {
  if (type === 'wave' || type === 'wav') return '.wav';
  return type === 'raw' ? (RATES[Number(rate)] ?? '.r16') : undefined;
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
