import type { Ms } from '../../base/index.js';
import type { AsrEvent, AsrOptions, AsrStream, Engine, Utterance } from './ports.js';
import { createVad, VAD_FRAME_MS } from './vad.js';

export interface StreamOptions extends AsrOptions {
  /** Speech without a pause is ended after this. */
  readonly longestMs?: Ms;
  /** How long the last result of an utterance may take. */
  readonly finalMs?: Ms;
}

/** The beginning of a word that is too soft to be told from noise. */
const LEAD_MS: Ms = 300;
/** Audio goes to the engine in pieces of this length: fewer messages, and no answer later than this. */
const PIECE_MS: Ms = 100;
/** A patient stream may be this far ahead of the engine. */
const AHEAD_MS: Ms = 500;

interface Current {
  readonly utterance: Utterance;
  readonly startMs: Ms;
  /** Bytes not handed on yet. */
  piece: Buffer[];
}

/** Parts a stream of audio into utterances and has each recognised. */
export function openStream(engine: Engine, options: StreamOptions, heard: (event: AsrEvent) => void): AsrStream {
  const { rate, endSilenceMs, words = [], longestMs = 20_000, finalMs = 5_000, patient = false } = options;
  const frameBytes = (rate / 1_000) * VAD_FRAME_MS * 2;
  const vad = createVad({ rate, endSilenceMs });
  const teller = createTeller(heard);
  const lead: Buffer[] = [];
  const backlogs = new Set<Utterance>();
  let rest: Buffer = Buffer.alloc(0);
  let frames = 0;
  let current: Current | undefined;
  let ended = false;

  const nowMs = (): Ms => frames * VAD_FRAME_MS;
  function fail(why: string): void {
    if (teller.closed()) return;
    abandon();
    teller.fail(why);
  }
  function begin(startMs: Ms): void {
    teller.tell({ kind: 'speech_started', atMs: startMs });
    const place = teller.reserve();
    const done = (): void => {
      clearTimeout(timer);
      backlogs.delete(utterance);
    };
    let timer: NodeJS.Timeout | undefined;
    let endMs = startMs;
    const audioFrom = Math.max(0, nowMs() - lead.length * VAD_FRAME_MS);
    const utterance = engine.begin({ rate, words, patient }, {
      partial: (text) => place.partial({ kind: 'partial', text }),
      final(what) {
        done();
        const shifted = what.words.map((w) => ({ ...w, startMs: w.startMs + audioFrom, endMs: w.endMs + audioFrom }));
        place.final({ kind: 'final', ...what, words: shifted, startMs: shifted[0]?.startMs ?? startMs, endMs: shifted.at(-1)?.endMs ?? endMs });
      },
      failed(why) {
        done();
        fail(why);
      },
    });
    backlogs.add(utterance);
    current = {
      utterance: {
        ...utterance,
        finish() {
          endMs = nowMs();
          utterance.finish();
          if (!patient) timer = setTimeout(() => fail('the recogniser does not answer'), finalMs);
        },
      },
      startMs, piece: lead.splice(0),
    };
  }
  function flush(least: Ms): void {
    if (!current || current.piece.length * VAD_FRAME_MS < least || current.piece.length === 0) return;
    current.utterance.feed(Buffer.concat(current.piece));
    current.piece = [];
  }
  function finish(): void {
    flush(0);
    current?.utterance.finish();
    current = undefined;
  }
  function frame(bytes: Buffer): void {
    frames += 1;
    (current?.piece ?? lead).push(bytes);
    if (!current && lead.length * VAD_FRAME_MS > LEAD_MS) lead.shift();
    const step = vad.frame(samplesOf(bytes));
    if (step?.kind === 'onset') begin(step.atMs);
    flush(PIECE_MS);
    if (step?.kind === 'end') return finish();
    if (!current || nowMs() - current.startMs < longestMs) return;
    finish();
    begin(nowMs());
  }
  function abandon(): void {
    ended = true;
    current = undefined;
    for (const utterance of backlogs) utterance.drop();
    backlogs.clear();
    teller.close();
  }
  const unavailable = engine.unavailable(patient);
  if (unavailable !== undefined) setImmediate(() => fail(unavailable));
  return {
    write(pcm) {
      if (ended || unavailable !== undefined) return;
      rest = rest.length === 0 ? pcm : Buffer.concat([rest, pcm]);
      let at = 0;
      while (rest.length - at >= frameBytes && !teller.closed()) {
        frame(Buffer.from(rest.subarray(at, at + frameBytes)));
        at += frameBytes;
      }
      rest = rest.subarray(at);
    },
    end() {
      if (ended || unavailable !== undefined) return;
      ended = true;
      finish();
      teller.finish();
    },
    abandon,
    async drained() {
      const behind = (): Ms => [...backlogs].reduce((sum, utterance) => sum + utterance.backlogMs(), 0);
      while (!teller.closed() && behind() > AHEAD_MS) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    over: teller.over,
  };
}

function samplesOf(bytes: Buffer): Int16Array {
  return bytes.byteOffset % 2 === 0 ? new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2) : new Int16Array(Uint8Array.from(bytes).buffer);
}

type Final = Extract<AsrEvent, { kind: 'final' }>;

/** Tells events in the order of utterances: what comes of the next is kept back until the one before has its final. */
function createTeller(heard: (event: AsrEvent) => void) {
  const places: { final: Final | undefined; readonly waiting: AsrEvent[] }[] = [];
  let state: 'open' | 'finishing' | 'closed' = 'open';
  let settle = (): void => undefined;
  const over = new Promise<void>((resolve) => (settle = resolve));
  const close = (): void => {
    if (state === 'closed') return;
    state = 'closed';
    settle();
  };
  const say = (event: AsrEvent): void => {
    if (state !== 'closed') heard(event);
  };
  const closed = (): boolean => state === 'closed';
  const advance = (): void => {
    for (let first = places[0]; first?.final; first = places[0]) {
      places.shift();
      say(first.final);
      first.waiting.forEach(say);
    }
    if (state === 'finishing' && places.length === 0) close();
  };
  return {
    over, close, closed,
    /** Comes after whatever the utterances before it have still to say. */
    tell(event: AsrEvent): void {
      const last = places.at(-1);
      if (last) last.waiting.push(event);
      else say(event);
    },
    reserve() {
      const place = { final: undefined as Final | undefined, waiting: [] as AsrEvent[] };
      places.push(place);
      return {
        partial(event: AsrEvent): void {
          if (places[0] === place) say(event);
        },
        final(event: Final): void {
          place.final = event;
          advance();
        },
      };
    },
    finish(): void {
      if (state === 'open') state = 'finishing';
      advance();
    },
    fail(why: string): void {
      heard({ kind: 'failed', why });
    },
  };
}
