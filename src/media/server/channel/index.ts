export { ChannelExists, ChannelGone, RtpAddressUnusable, RtpPortsExhausted } from './errors.js';
export { createMediaCore } from './core.js';
export { parseDigit } from '../dtmf/event.js';
export { BadDigits } from '../dtmf/send.js';
export { BadPlaySource, parsePlaySource } from '../player/source.js';
export { repairWav } from '../recorder/repair.js';
export { RecordingFailed } from '../recorder/writer.js';
export type * from './types.js';
