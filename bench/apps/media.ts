import { join } from 'node:path';
import Mrf from 'drachtio-fsmrf';
import Srf from 'drachtio-srf';
import type { Place } from '../edges.js';

/**
 * An application as people write it with drachtio-fsmrf: answers the caller from the media server, lets it offer to the
 * agent (3pcc), hands over the agent's answer by re-INVITE, bridges, records both channels. Tells its parent what happened.
 */
type Secret = { readonly secret: string };
export type MediaAppSettings = { readonly control: Place & Secret; readonly media: Place & Secret; readonly recordings: string };
/** Times in ms since the INVITE came. */
export type MediaAppSays =
  | { readonly type: 'ready' }
  | { readonly type: 'bridged' | 'recording' | 'ended'; readonly ms: number }
  | { readonly type: 'failed'; readonly why: string };

type Request = { readonly uri: string; get(name: string): string };
type Response = { send(status: number, options?: object): void };
type Dialog = { readonly remote: { readonly sdp: string }; once(event: 'destroy', heard: () => void): void; destroy(): Promise<unknown> };
type Endpoint = {
  readonly local: { readonly sdp: string };
  modify(sdp: string): Promise<unknown>;
  bridge(other: Endpoint): Promise<unknown>;
  set(values: Readonly<Record<string, string>>): Promise<unknown>;
  recordSession(file: string): Promise<unknown>;
  destroy(): Promise<unknown>;
};
type MediaServer = {
  createEndpoint(options?: object): Promise<Endpoint>;
  connectCaller(req: Request, res: Response): Promise<{ readonly endpoint: Endpoint; readonly dialog: Dialog }>;
};
type App = {
  use(method: string, handler: (req: Request, res: Response) => void): void;
  on(event: string, heard: (error?: Error | null) => void): void;
  connect(options: object): unknown;
  createUAC(uri: string, options: { readonly localSdp: string; readonly callingNumber: string }): Promise<Dialog>;
};

const settings = JSON.parse(process.argv[2] ?? '{}') as MediaAppSettings;
const say = (message: MediaAppSays): void => { process.send?.(message); };
const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const user = (uri: string): string => /sip:([^@]+)@/.exec(uri)?.[1] ?? '';
const contacts = new Map<string, string>();
let calls = 0;

const srf = new Srf() as unknown as App;
srf.on('error', (error) => { console.error('drachtio:', why(error)); });
srf.use('register', (req, res) => {
  const contact = req.get('Contact');
  contacts.set(user(req.get('To')), /<(sip:[^>]+)>/.exec(contact)?.[1] ?? contact);
  res.send(200, { headers: { Contact: contact, Expires: '300' } });
});
srf.on('connect', (error) => {
  if (error) throw error;
  new Mrf(srf as unknown as Srf).connect({ address: settings.media.host, port: settings.media.port, secret: settings.media.secret, listenAddress: '127.0.0.1' }, (failed, ms) => {
    if (failed || ms === undefined) throw failed ?? new Error('no media server');
    const server = ms as unknown as MediaServer;
    srf.use('invite', (req, res) => {
      call(server, req, res).catch((problem: unknown) => { say({ type: 'failed', why: why(problem) }); });
    });
    say({ type: 'ready' });
  });
});
void srf.connect(settings.control);
process.on('disconnect', () => process.exit(0));
// drachtio-srf rejects promises nobody holds when a BYE meets a dialog that has just ended: a finding, not the end of the bench.
process.on('unhandledRejection', (error) => { say({ type: 'failed', why: why(error) }); });

async function call(ms: MediaServer, req: Request, res: Response): Promise<void> {
  const began = performance.now();
  const since = (): number => performance.now() - began;
  calls += 1;
  const file = join(settings.recordings, `${String(calls)}.wav`);
  const { endpoint: caller, dialog: near } = await ms.connectCaller(req, res);
  const agent = await ms.createEndpoint();
  const contact = contacts.get(user(req.uri));
  if (contact === undefined) throw new Error(`nobody is registered as ${req.uri}`);
  const far = await srf.createUAC(contact, { localSdp: agent.local.sdp, callingNumber: user(req.get('From')) });
  let ended = false;
  const end = async (other: Dialog): Promise<void> => {
    if (ended) return;
    ended = true;
    await Promise.all([other.destroy(), caller.destroy(), agent.destroy()]);
    say({ type: 'ended', ms: since() });
  };
  near.once('destroy', () => { end(far).catch((error: unknown) => { console.error('end:', why(error)); }); });
  far.once('destroy', () => { end(near).catch((error: unknown) => { console.error('end:', why(error)); }); });
  await agent.modify(far.remote.sdp);
  await caller.bridge(agent);
  say({ type: 'bridged', ms: since() });
  await caller.set({ RECORD_STEREO: 'true' });
  await caller.recordSession(file);
  say({ type: 'recording', ms: since() });
}
