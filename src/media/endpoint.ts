import type Mrf from 'drachtio-fsmrf';
import type { Ms } from '../base/index.js';
import { MediaRefused } from './errors.js';
import { lease } from './lease.js';

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
  /** Sets channel variables. */
  set(variables: Readonly<Record<string, string>>): Promise<void>;
  /** Ends the session; never rejects, and settles even when the media server does not answer. */
  destroy(): Promise<void>;
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
  readonly limits: EndpointLimits;
  readonly forget: (uuid: string) => void;
  readonly warn: (about: object, message: string) => void;
}

export type OwnedEndpoint = Endpoint & { readonly lose: (why: GoneWhy) => void };

/** Wraps drachtio-fsmrf's Endpoint. `lose` is for the pool, which learns first that a whole server went. */
export function wrapEndpoint(ep: Mrf.Endpoint, owner: Owner): OwnedEndpoint {
  const life = new AbortController();
  let playing: Promise<unknown> | undefined;
  /** Whoever asked last for what is heard; a play that waited for its turn and is no longer the last does not start. */
  let turn = 0;
  let peer: string | undefined;
  /** Settles when the media server begins the playback command that was sent last. */
  let begun = Promise.resolve();
  let begin = (): void => undefined;
  const lose = (why: GoneWhy): void => {
    if (life.signal.aborted) return;
    life.abort(why);
    owner.forget(ep.uuid);
  };
  ep.conn?.socket?.setNoDelay(true); // modesl writes a command in pieces; with Nagle each waits 40 ms for an ACK
  ep.conn?.on(`esl::event::CHANNEL_EXECUTE::${ep.uuid}`, (event: Mrf.EslEvent) => {
    if (event.getHeader('Application') === 'playback') begin();
  });
  ep.on('destroy', (how?: { reason?: string }) => lose(how?.reason === undefined ? 'media_lost' : hangupCause(how.reason)));
  // FreeSWITCH's BYE may overtake its event; drachtio-srf hands on the Reason of our own BYEs only.
  ep.dialog.once('destroy', (bye: { get(name: string): string | undefined }) => lose(/MEDIA_TIMEOUT/.test(bye.get('Reason') ?? '') ? 'media_timeout' : 'hung_up'));

  const run = <T>(what: string, work: () => Promise<T>, leaseMs = owner.limits.commandMs): Promise<T> => lease(what, leaseMs, life.signal, work);
  const api = async (command: string, ...args: string[]): Promise<void> => {
    const reply = (await run(command, () => ep.api(command, args))).getBody() ?? '';
    if (!reply.startsWith('+OK')) throw new MediaRefused(`${command} on ${ep.uuid}: ${reply.trim()}`);
  };
  const silence = async (): Promise<void> => {
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
    return silence();
  };

  return {
    uuid: ep.uuid,
    server: owner.name,
    get localSdp() {
      return ep.local.sdp;
    },
    dialogId: ep.dialog.id,
    gone: life.signal,
    lose,
    async play(files, { loop = false } = {}) {
      const mine = (turn += 1);
      await silence();
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
      await run('modify', () => ep.modify(remoteSdp));
      return ep.local.sdp;
    },
    startRecording: (path) => api('uuid_record', ep.uuid, 'start', path),
    stopRecording: (path) => api('uuid_record', ep.uuid, 'stop', path),
    set: (variables) => api('uuid_setvar_multi', ep.uuid, Object.entries(variables).map(([name, value]) => `${name}=${value}`).join(';')),
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
