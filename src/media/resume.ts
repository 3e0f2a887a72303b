import type Mrf from 'drachtio-fsmrf';
import FsmrfEndpoint from 'drachtio-fsmrf/lib/endpoint.js';
import type { Ms } from '../base/index.js';
import { MediaLost, MediaRefused } from './errors.js';
import { lease } from './lease.js';

/** The dialog towards the media server, as the next run of ours holds it. */
export type ResumedDialog = Mrf.Endpoint['dialog'];

/** What drachtio-fsmrf 4.1 has of itself that its users do not see: who waits for an event socket, and where they come in. */
interface Inside {
  readonly pendingConnections: Map<string, { fn?: (conn: Mrf.EslConnection) => void; connTimeout?: NodeJS.Timeout }>;
  readonly advertisedAddress: string;
  readonly advertisedPort: number;
}

/**
 * Takes a channel that outlived the application before us: it is told where we listen now and sent through its dialplan
 * again, whose `socket` brings it to us. What was being played to it stops then.
 * @throws MediaLost when there is no such channel any more; MediaRefused; MediaUnavailable when it does not come in time
 */
export async function resumeEndpoint(ms: Mrf.MediaServer, uuid: string, dialog: ResumedDialog, limits: { readonly commandMs: Ms }, gone: AbortSignal): Promise<Mrf.Endpoint> {
  const ask = async (command: string): Promise<string> => (await lease(command, limits.commandMs, gone, () => ms.api(command))).trim();
  const inside = ms as unknown as Inside;
  if ((await ask(`uuid_exists ${uuid}`)) !== 'true') throw new MediaLost(`channel ${uuid} did not outlive the application`);
  const [, key] = /^drachtio-fsmrf:(.+)$/.exec(await ask(`uuid_getvar ${uuid} sip_user_agent`)) ?? [];
  if (key === undefined) throw new MediaRefused(`channel ${uuid} was not made by drachtio-fsmrf`);
  const coming = new Promise<Mrf.Endpoint>((resolve) => {
    inside.pendingConnections.set(key, {
      fn: (conn) => {
        // drachtio-server hands the BYE of a dialog of the last run to nobody: its end is that of its event socket.
        conn.on('esl::end', () => void dialog.emit('destroy', { get: () => undefined }));
        const endpoint = new FsmrfEndpoint(conn, dialog, ms, { is3pcc: true, customEvents: [] });
        endpoint.once('ready', () => resolve(endpoint));
      },
    });
  });
  try {
    await confirmed(ask(`uuid_setvar ${uuid} sip_h_X-esl-outbound ${inside.advertisedAddress}:${String(inside.advertisedPort)}`));
    await confirmed(ask(`uuid_transfer ${uuid} resume`));
    return await lease('resume', limits.commandMs, gone, () => coming);
  } finally {
    inside.pendingConnections.delete(key);
  }
}

async function confirmed(reply: Promise<string>): Promise<void> {
  const said = await reply;
  if (!said.startsWith('+OK')) throw new MediaRefused(`the media server will not give the channel back: ${said}`);
}
