import { createSocket } from 'node:dgram';
import { createWatch } from '../wait.js';
import { isVoice, type AudioSdp } from '../sip/sdp.js';
import { rtpClock } from './clock.js';
import type { Law } from './law.js';
import { createReceiver, type Reception } from './receiver.js';
import { createSender } from './sender.js';

/** One RTP socket of a phone: what it says and what it hears. */
export type Media = {
  readonly address: string;
  readonly port: number;
  readonly tone: (hz: number, levelDb?: number) => void;
  readonly silence: () => void;
  readonly play: (samples: Int16Array, loop?: boolean) => void;
  /** RFC 4733; resolves when the last key has been sent. */
  readonly digits: (keys: string, options?: { readonly durationMs?: number; readonly gapMs?: number }) => Promise<void>;
  /** RTP stops and starts again, the call stays. */
  readonly stop: () => void;
  readonly start: () => void;
  readonly sent: () => number;
  readonly reception: () => Reception;
  readonly samples: () => Int16Array;
  /** Counts from now on how many packets carry this tone. */
  readonly expect: (hz: number | undefined) => void;
  /** Resolves as soon as 200 ms of this tone have been heard. */
  readonly heard: (hz: number, ms?: number) => Promise<void>;
  readonly heardDigits: (keys: string, ms?: number) => Promise<void>;
  /** Resolves once `count` packets have come. */
  readonly packets: (count: number, ms?: number) => Promise<void>;
  readonly until: (what: string, ms: number, test: (r: Reception) => boolean) => Promise<void>;
  readonly reset: () => void;
  readonly mark: (how: ((packet: Buffer) => void) | undefined) => void;
  readonly onPayload: (see: ((payload: Buffer, now: number) => void) | undefined) => void;
  /** Where to send and which codec: from the other side's SDP. */
  readonly connect: (remote: AudioSdp) => void;
  /** Raw bytes to the far end from a socket of its own: a stranger that tries to take over the stream. */
  readonly strange: (packet: Buffer) => Promise<void>;
  readonly remote: () => AudioSdp | undefined;
  readonly close: () => void;
};

export async function openMedia(address: string, options: { readonly keep: boolean; readonly port?: number }): Promise<Media> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(options.port ?? 0, address, () => { socket.off('error', reject); resolve(); });
  });
  socket.on('error', () => undefined);
  socket.setRecvBufferSize(262_144);
  const sender = createSender();
  const receiver = createReceiver(options.keep);
  const watch = createWatch();
  let remote: AudioSdp | undefined;
  let open = true;
  let leave: (() => void) | undefined;

  socket.on('message', (packet, from) => {
    // Behind the far end's NAT the source differs from its SDP: only the host of a concrete answer counts as known.
    const known = remote === undefined || remote.address === '0.0.0.0' || from.address === remote.address;
    receiver.take(packet, performance.now(), known);
    if (watch.waiting()) watch.changed();
  });
  const tick = (): void => {
    if (remote === undefined || remote.port === 0 || remote.address === '0.0.0.0') return;
    if (remote.direction === 'sendonly' || remote.direction === 'inactive') return; // we are on hold
    const packet = sender.next();
    if (packet !== undefined) socket.send(packet, remote.port, remote.address);
  };
  const heard = (hz: number, ms = 5000): Promise<void> => watch.until(`${String(hz)} Hz`, ms, () => receiver.hearsNow(hz));
  return {
    address,
    port: socket.address().port,
    tone: sender.tone,
    silence: sender.silence,
    play: (samples, loop = false) => { sender.play(samples, loop); },
    digits: (keys, o = {}) => sender.digits(keys, o.durationMs ?? 100, o.gapMs ?? 60),
    stop: sender.stop,
    start: sender.start,
    sent: sender.sent,
    reception: receiver.reception,
    samples: receiver.samples,
    expect: receiver.expect,
    heard,
    heardDigits: (keys, ms = 5000) => watch.until(`keys ${keys}`, ms, () => receiver.reception().digits.includes(keys)),
    packets: (count, ms = 5000) => watch.until(`${String(count)} RTP packets`, ms, () => receiver.reception().packets >= count),
    until: (what, ms, test) => watch.until(what, ms, () => test(receiver.reception())),
    reset: receiver.reset,
    mark: sender.mark,
    onPayload: receiver.onPayload,
    connect(sdp) {
      remote = sdp;
      const voice = sdp.codecs.find(isVoice);
      const event = sdp.codecs.find((codec) => !isVoice(codec))?.payload;
      const law: Law = voice?.name === 'PCMA' ? 'alaw' : 'ulaw';
      sender.format(voice?.payload ?? 0, law, event);
      receiver.format(voice?.payload ?? 0, law, event);
      leave ??= rtpClock.join(tick);
    },
    strange: (packet) => new Promise((resolve, reject) => {
      const other = createSocket('udp4');
      other.send(packet, remote?.port ?? 0, remote?.address ?? address, (error) => {
        other.close();
        if (error) reject(error);
        else resolve();
      });
    }),
    remote: () => remote,
    close() {
      if (!open) return;
      open = false;
      leave?.();
      socket.close();
    },
  };
}
