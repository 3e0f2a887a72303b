import { open } from 'node:fs/promises';
import { parseWavHeader } from '../../audio/index.js';
import type { Asr, AsrEvent, AsrLanguage, AsrRate } from '../../speech/asr/index.js';
import { apart, segmentOf, SPEAKERS, type Segment } from './segments.js';

const HEAD_BYTES = 4_096;
/** A second of two channels at 8 kHz. */
const CHUNK_BYTES = 32_000;
const END_SILENCE_MS = 800;

export class NotTranscribed extends Error {
  /** `later`: the recogniser is the trouble, not the file. */
  constructor(readonly later: boolean, why: string, options?: ErrorOptions) {
    super(why, options);
  }
}

/** Writes down a recording from its file, as fast as the recogniser has time for. @throws NotTranscribed */
export async function transcribeFile(path: string, language: AsrLanguage, asr: Pick<Asr, 'open'>, signal: AbortSignal): Promise<Segment[]> {
  const segments: Segment[] = [];
  let failure: string | undefined;
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new NotTranscribed(false, `${path} cannot be read`, { cause });
  });
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    const format = parseWavHeader(head.subarray(0, bytesRead));
    if (format.coding !== 'pcm' || format.bits !== 16 || format.channels > 2 || !isRate(format.rateHz)) throw new NotTranscribed(false, `${path} is no recording of ours`);
    const rate = format.rateHz;
    const streams = SPEAKERS.slice(0, format.channels).map((speaker) =>
      asr.open({ language, rate, endSilenceMs: END_SILENCE_MS, patient: true }, (event: AsrEvent) => {
        if (event.kind === 'failed') failure ??= event.why;
        const segment = event.kind === 'final' ? segmentOf(speaker, event, 0) : undefined;
        if (segment) segments.push(segment);
      }));
    const end = format.dataAt + (format.dataBytes ?? Number.POSITIVE_INFINITY);
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let at = format.dataAt; at < end && failure === undefined && !signal.aborted; ) {
      const read = await file.read(chunk, 0, Math.min(CHUNK_BYTES, end - at), at);
      const whole = read.bytesRead - (read.bytesRead % format.frameBytes);
      if (whole === 0) break;
      at += whole;
      const pcm = Buffer.from(chunk.subarray(0, whole));
      (format.channels === 2 ? apart(pcm) : [pcm]).forEach((side, i) => streams[i]?.write(side));
      await Promise.all(streams.map((stream) => stream.drained()));
    }
    for (const stream of streams) {
      if (signal.aborted) stream.abandon();
      else stream.end();
    }
    await Promise.all(streams.map((stream) => stream.over));
  } catch (cause) {
    throw cause instanceof NotTranscribed ? cause : new NotTranscribed(false, `${path} cannot be read as audio`, { cause });
  } finally {
    await file.close();
  }
  if (failure !== undefined || signal.aborted) throw new NotTranscribed(true, failure ?? 'stopped');
  return segments;
}

const isRate = (hz: number): hz is AsrRate => hz === 8_000 || hz === 16_000;
