/**
 * One-way delay through a G.711 path: a mark of eight codes at the head of each packet says when it was sent. Works
 * within one process, through anything that forwards payloads or transcodes µ-law to µ-law in the same 20 ms frames.
 */
const MAGIC = Buffer.from([0x21, 0xa7, 0x13, 0x99]);
/** Sixteen codes far enough apart that a decode and encode returns each of them. */
const nibble = (n: number): number => 0x10 + 4 * n;

export type Probe = {
  /** For `media.mark` of the sending side. */
  readonly mark: (packet: Buffer) => void;
  /** For `media.onPayload` of the receiving side. */
  readonly see: (payload: Buffer, now: number) => void;
  readonly delaysMs: () => number[];
};

export function createProbe(every = 5): Probe {
  const sentAt = new Map<number, number>();
  const delays: number[] = [];
  let packets = 0;
  let number = 0;
  return {
    mark(packet) {
      packets += 1;
      if (packets % every !== 0) return;
      number = (number + 1) & 0xffff;
      MAGIC.copy(packet, 12);
      for (let i = 0; i < 4; i += 1) packet[16 + i] = nibble((number >> (12 - 4 * i)) & 15);
      sentAt.set(number, performance.now());
    },
    see(payload, now) {
      const at = payload.indexOf(MAGIC);
      if (at < 0 || at + 8 > payload.length) return;
      const digits = [0, 1, 2, 3].map((i) => ((payload[at + 4 + i] ?? 0) - 0x10) / 4);
      const sent = sentAt.get(digits.reduce((sum, d) => sum * 16 + d, 0));
      if (sent !== undefined) delays.push(now - sent);
    },
    delaysMs: () => delays,
  };
}
