import type { Ms } from '../../../base/index.js';
import type { Digit } from '../channel/types.js';
import { RATE_HZ } from '../codec/codec.js';
import type { RtpHeader } from '../rtp/packet.js';
import { digitOfEvent } from './event.js';
import { createEventReceiver, EVENT_SILENCE_MS, eventSilence, hearEvent, type HeardEvent } from './receive.js';

/** Turns a channel's event packets into digits; ends those whose last packets were lost. */
export interface DtmfEar {
  /** @param between runs after a digit whose end was lost is reported, and before the one that ends here is */
  hear(header: RtpHeader, packet: Uint8Array, clockRate: number, now: Ms, between: () => void): void;
  timers(): number;
  close(): void;
}

export function createEar(clock: () => Ms, onDigit: (digit: Digit, durationMs: Ms) => void, onTimer: () => void): DtmfEar {
  const receiver = createEventReceiver();
  let rate = RATE_HZ;
  let timer: NodeJS.Timeout | undefined;

  function report(heard: readonly HeardEvent[]): void {
    for (const { event, duration } of heard) {
      const digit = digitOfEvent(event);
      if (digit !== undefined) onDigit(digit, Math.round((duration * 1_000) / rate));
    }
  }
  function watch(): void {
    timer = undefined;
    report(eventSilence(receiver, clock()));
    if (receiver.pressed) timer = setTimeout(watch, EVENT_SILENCE_MS / 3);
    else onTimer();
  }
  return {
    hear(header, packet, clockRate, now, between) {
      rate = clockRate;
      const known = receiver.pressed && receiver.timestamp !== header.timestamp;
      const heard = hearEvent(receiver, header.ssrc, header.timestamp, packet, header.payloadAt, now);
      const late = known ? heard.slice(0, 1) : [];
      report(late);
      between();
      report(heard.slice(late.length));
      if (!receiver.pressed || timer) return;
      timer = setTimeout(watch, EVENT_SILENCE_MS);
      onTimer();
    },
    timers: () => (timer ? 1 : 0),
    close() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
