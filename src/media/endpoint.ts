import type Mrf from 'drachtio-fsmrf';
import type { Ms } from '../base/index.js';
import { MediaRefused } from './errors.js';
import { lease } from './lease.js';
import { silenceLimit } from './silence.js';

/** Why an endpoint ended: what the media server said, or that the media server itself went. */
export type GoneWhy = 'destroyed' | 'hung_up' | 'media_timeout' | 'media_lost';

/** One media session on a media server. Every command settles: with its result, or with an error once the endpoint is gone. */
export interface Endpoint {
  readonly uuid: string;
  readonly server: string;
  /** The media server's side of the session description, as text. */
  readonly localSdp: string;
  /** Identifies the SIP dialog towards the media server, for clearing up after a crash of ours. */
  readonly dialogId: string;
  /** Fires once when the endpoint is gone, whoever ended it; the reason is a GoneWhy. */
  readonly gone: AbortSignal;
  /** Plays files one after the other; `loop` repeats the first for ever. A second play stops the first. */
  play(files: readonly string[], options?: { loop?: boolean }): Promise<'done' | 'stopped'>;
  stop(): Promise<void>;
  onDigit(listener: (digit: string) => void): () => void;
  /** Both hear each other; whatever was played stops. Nothing where they are bridged already. */
  bridge(other: Endpoint): Promise<void>;
  /** Both sides of a bridge go back to standing alone. */
  unbridge(): Promise<void>;
  /** A new description of the far end; answers with the media server's new one. */
  modify(remoteSdp: string): Promise<string>;
  /** Two channels: left what this endpoint's phone sends, right what it hears. */
  startRecording(path: string): Promise<void>;
  stopRecording(path: string): Promise<void>;
  /** What the phone sends, alone, into a WAV file, until so much silence, the longest time or `stop()`. Stops whatever plays. */
  record(path: string, until: { readonly maxMs: Ms; readonly silenceMs: Ms }): Promise<void>;
  /** Whether its media server has mod_audio_fork; without it `fork` is refused. */
  readonly canFork: boolean;
  /** Sends its audio to a WebSocket of ours until it is stopped or the endpoint is gone. Whether the line comes up shows at the other end of it. @throws MediaRefused */
  fork(options: ForkOptions): Promise<void>;
  stopFork(name: string): Promise<void>;
  /** Sets channel variables. */
  set(variables: Readonly<Record<string, string>>): Promise<void>;
  /** Ends the session; never rejects, and settles even when the media server does not answer. */
  destroy(): Promise<void>;
}

export interface ForkOptions {
  /** One fork of an endpoint from another. */
  readonly name: string;
  readonly url: string;
  /** `mono`: what the phone says. `stereo`: that left, what it hears right. */
  readonly mix: 'mono' | 'mixed' | 'stereo';
  readonly rateHz: 8_000 | 16_000;
  /** The first text on the line. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface EndpointLimits {
  /** How long a command may take. */
  readonly commandMs: Ms;
  /** How long the BYE of the media server may take before the channel is killed by name. */
  readonly destroyMs: Ms;
}

interface Owner {
  readonly name: string;
  readonly ms: Mrf.MediaServer;
  readonly canFork: boolean;
  readonly limits: EndpointLimits;
  /** After how long without RTP the media server ends a session. */
  readonly rtpTimeoutMs: Ms;
  /** What the far end said of itself when the session was made. */
  readonly remoteSdp?: string | undefined;
  readonly forget: (uuid: string) => void;
  readonly warn: (about: object, message: string) => void;
}

export type OwnedEndpoint = Endpoint & {
  /** For the pool, which learns first that a whole server went. */
  readonly lose: (why: GoneWhy) => void;
  /** Sets these variables and the limit for silence: once, before the endpoint is handed out. */
  readonly prepare: (variables: Readonly<Record<string, string>>) => Promise<void>;
};

/** Wraps drachtio-fsmrf's Endpoint. */
export function wrapEndpoint(ep: Mrf.Endpoint, owner: Owner): OwnedEndpoint {
  const life = new AbortController();
  let playing: Promise<unknown> | undefined;
  /** Whoever asked last for what is heard; a play that waited for its turn and is no longer the last does not start. */
  let turn = 0;
  let peer: string | undefined;
  /** Settles when the media server begins the playback command that was sent last. */
  let begun = Promise.resolve();
  let begin = (): void => undefined;
  let localSdp = ep.local.sdp;
  let silence = silenceLimit(owner.remoteSdp, owner.rtpTimeoutMs);
  const lose = (why: GoneWhy): void => {
    if (life.signal.aborted) return;
    life.abort(why);
    owner.forget(ep.uuid);
  };
  ep.conn?.socket?.setNoDelay(true); // modesl writes a command in pieces; with Nagle each waits 40 ms for an ACK
  ep.conn?.on(`esl::event::CHANNEL_EXECUTE::${ep.uuid}`, (event: Mrf.EslEvent) => {
    if (event.getHeader('Application') === 'playback' || event.getHeader('Application') === 'record') begin();
  });
  /** FreeSWITCH may close the socket of a channel that is over before it has said why; its BYE says so, unless the server died. */
  const closed = (): void => {
    const timer = setTimeout(() => lose('media_lost'), owner.limits.destroyMs);
    life.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  ep.on('destroy', (how?: { reason?: string }) => (how?.reason === undefined ? closed() : lose(hangupCause(how.reason))));
  // That BYE may overtake the event, too; drachtio-srf hands on the Reason of our own BYEs only.
  ep.dialog.once('destroy', (bye: { get(name: string): string | undefined }) => lose(/MEDIA_TIMEOUT/.test(bye.get('Reason') ?? '') ? 'media_timeout' : 'hung_up'));

  const run = <T>(what: string, work: () => Promise<T>, leaseMs = owner.limits.commandMs): Promise<T> => lease(what, leaseMs, life.signal, work);
  const api = async (command: string, ...args: string[]): Promise<void> => {
    const reply = (await run(command, () => ep.api(command, args))).getBody() ?? '';
    if (!reply.startsWith('+OK')) throw new MediaRefused(`${command} on ${ep.uuid}: ${reply.trim()}`);
  };
  const set = (variables: Readonly<Record<string, string>>): Promise<void> =>
    api('uuid_setvar_multi', ep.uuid, Object.entries(variables).map(([name, value]) => `${name}=${value}`).join(';'));
  const hush = async (): Promise<void> => {
    if (!playing || life.signal.aborted) return;
    const current = playing;
    const over = current.then(() => undefined, () => undefined); // whoever asked for it is told of its failure
    // A break before the command has begun is forgotten by FreeSWITCH, and one with `all` would throw the command away.
    await run('start', () => Promise.race([begun, over]));
    if (playing !== current) return;
    await api('uuid_break', ep.uuid);
    await run('stop', () => over);
  };
  const commanded = (): void => {
    begun = new Promise((resolve) => (begin = resolve));
  };
  const stop = (): Promise<void> => {
    turn += 1;
    return hush();
  };

  return {
    uuid: ep.uuid,
    server: owner.name,
    get localSdp() {
      return localSdp;
    },
    dialogId: ep.dialog.id,
    gone: life.signal,
    lose,
    prepare: (variables) => set({ ...variables, media_timeout: String(owner.rtpTimeoutMs), [SILENCE]: String(silence) }),
    async play(files, { loop = false } = {}) {
      const mine = (turn += 1);
      await hush();
      if (mine !== turn) return 'stopped';
      const work = run('playback', () => playAll(ep, files, loop, { wanted: () => mine === turn, commanded }), ENDLESS);
      playing = work;
      try {
        await work;
        return mine === turn ? 'done' : 'stopped';
      } finally {
        if (playing === work) playing = undefined;
      }
    },
    stop,
    onDigit(listener) {
      const on = (event: { dtmf: string }): void => listener(event.dtmf);
      ep.on('dtmf', on);
      return () => ep.off('dtmf', on);
    },
    async bridge(other) {
      if (peer === other.uuid) return;
      await Promise.all([stop(), other.stop()]);
      await api('uuid_bridge', ep.uuid, other.uuid);
      peer = other.uuid;
      other.gone.addEventListener('abort', () => (peer = peer === other.uuid ? undefined : peer), { once: true });
    },
    async unbridge() {
      peer = undefined;
      await api('uuid_transfer', ep.uuid, '-both', 'park', 'inline');
    },
    async modify(remoteSdp) {
      const limit = silenceLimit(remoteSdp, owner.rtpTimeoutMs);
      if (limit !== silence) await set({ [SILENCE]: String((silence = limit)) });
      // The 200's own words: fsmrf would ask for all channel variables, and take one which on FreeSWITCH may say something else.
      localSdp = await run('modify', () => ep.dialog.modify(remoteSdp));
      return localSdp;
    },
    startRecording: (path) => api('uuid_record', ep.uuid, 'start', path),
    stopRecording: (path) => api('uuid_record', ep.uuid, 'stop', path),
    async record(path, { maxMs, silenceMs }) {
      const mine = (turn += 1);
      await hush();
      if (mine !== turn) return;
      commanded();
      const seconds = (ms: Ms): number => Math.ceil(ms / 1_000);
      const work = run('record', () => ep.execute('record', `${path} ${seconds(maxMs)} ${SILENT_LEVEL} ${seconds(silenceMs)}`), maxMs + owner.limits.commandMs);
      playing = work;
      try {
        await work;
      } finally {
        if (playing === work) playing = undefined;
      }
    },
    canFork: owner.canFork,
    async fork({ name, url, mix, rateHz, metadata }) {
      if (!owner.canFork) throw new MediaRefused(`${owner.name} cannot fork audio`, { hint: 'it needs mod_audio_fork' });
      const rate = rateHz === 8_000 ? '8k' : '16k';
      // A text with an apostrophe would end the quotes around it; in JSON it may be written as an escape.
      const text = metadata === undefined ? [] : [`'${JSON.stringify(metadata).replaceAll("'", '\\u0027')}'`];
      await api('uuid_audio_fork', ep.uuid, 'start', url, mix, rate, name, ...text);
    },
    stopFork: (name) => api('uuid_audio_fork', ep.uuid, 'stop', name),
    set,
    async destroy() {
      if (life.signal.aborted) return;
      try {
        await lease('hangup', owner.limits.destroyMs, undefined, () => ep.destroy());
      } catch (error) {
        owner.warn({ error, uuid: ep.uuid }, 'the media server did not say BYE; killing the channel');
        await kill(ep.uuid, owner);
      } finally {
        lose('destroyed');
      }
    },
  };
}

/**
 * FreeSWITCH's limit (ms) for silence that wins over `media_timeout`. It is read at each negotiation, hold or not, and is 0 in a
 * session that began without SDP, since drachtio-srf acknowledges that with `recvonly`: so it is set before each negotiation.
 */
const SILENCE = 'media_timeout_audio';

/** Mean level of 16 bit samples below which a line is silent. */
const SILENT_LEVEL = 200;

/** Longest setTimeout (ms): music plays until somebody stops it. */
const ENDLESS = 2_147_483_647;

/** So many times a looped file stands in one command: a break ends them all, and the next command follows rarely. */
const ROUNDS = 8;

/**
 * Plays files as one (`file_string`), so that one break ends them all. FreeSWITCH's own loops go on after a break,
 * so a loop is commands repeated while it is `wanted`.
 * @throws MediaRefused
 */
async function playAll(ep: Mrf.Endpoint, files: readonly string[], loop: boolean, { wanted, commanded }: { wanted: () => boolean; commanded: () => void }): Promise<void> {
  const list = loop ? files.flatMap((file) => Array.from({ length: ROUNDS }, () => file)) : files;
  do {
    commanded();
    const event = await ep.execute('playback', list.length === 1 ? list[0] : `file_string://${list.join('!')}`);
    const response = event.getHeader('Application-Response');
    if (wanted() && response !== undefined && response !== 'FILE PLAYED')
      throw new MediaRefused(`cannot play ${files.join(', ')}: ${response.toLowerCase()}`, { hint: 'prompts and music must be readable by the media server' });
  } while (loop && wanted());
}

/** Frees a channel by name, over the server's own event socket. A failure is only logged: the server may be gone. */
async function kill(uuid: string, owner: Owner): Promise<void> {
  try {
    await lease('uuid_kill', owner.limits.destroyMs, undefined, () => owner.ms.api(`uuid_kill ${uuid}`));
  } catch (error) {
    owner.warn({ error, uuid }, 'uuid_kill failed');
  }
}

function hangupCause(cause: string): GoneWhy {
  return cause === 'MEDIA_TIMEOUT' ? 'media_timeout' : 'hung_up';
}
