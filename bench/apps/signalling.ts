import Srf from 'drachtio-srf';
import type { Place } from '../edges.js';
import { SDP } from '../scenarios.js';

/** What an application does at least: answers calls, OPTIONS and REGISTER. Unmodified drachtio-srf, a process of its own. */
type Response = { send(status: number, options?: object): void };
type App = {
  use(method: string, handler: (req: object, res: Response) => void): void;
  on(event: string, heard: (error?: Error | null) => void): void;
  connect(options: object): unknown;
  createUAS(req: object, res: Response, options: { readonly localSdp: string }): Promise<unknown>;
};

const control = JSON.parse(process.argv[2] ?? '{}') as Place & { readonly secret: string };
const srf = new Srf() as unknown as App;
srf.use('invite', (req, res) => {
  srf.createUAS(req, res, { localSdp: SDP }).catch((error: unknown) => { console.error('INVITE:', error instanceof Error ? error.message : error); });
});
srf.use('options', (_req, res) => { res.send(200); });
srf.use('register', (_req, res) => { res.send(200); });
srf.on('connect', (error) => {
  if (error) throw error;
  process.send?.('ready');
});
srf.on('error', (error) => { console.error('drachtio:', error?.message); });
void srf.connect(control);
process.on('disconnect', () => process.exit(0));
