import { Secret, type Address } from '../../config/index.js';
import { answerChallenge } from '../../sip/index.js';
import type { ClientTx, Remote, SipRequest, SipResponse, Stack } from '../../sip/stack/index.js';
import { DemoFailed } from './failed.js';

export type Field = readonly [name: string, value: string];
export type Answered = { readonly request: SipRequest; readonly response: SipResponse; readonly tx: ClientTx; readonly from: Remote };
/** Sends what `build` makes and settles with the final answer. @throws DemoFailed when nobody answers */
export type Ask = (build: (cseq: number, proof: readonly Field[]) => SipRequest) => Promise<Answered>;

export const remoteOf = ({ host, port }: Address): Remote => ({ proto: 'udp', address: host, port });

/** Answers a challenge (401, 407) once, with the credentials of the user. */
export function asking(stack: Pick<Stack, 'transactions'>, server: Address, user: string, password: string): Ask {
  const once = (request: SipRequest): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new DemoFailed(`${request.method} ${request.uri}: ${why}`));
      const tx: ClientTx = stack.transactions.request(request, remoteOf(server), {
        onResponse: (response, from) => { if (response.status >= 200) resolve({ request, response, tx, from }); },
        onTimeout: () => fail('no answer'),
        onTransportError: (error) => fail(error.message),
      });
    });
  return async (build) => {
    const first = await once(build(1, []));
    const { request, response } = first;
    if (response.status !== 401 && response.status !== 407) return first;
    const challenged = { status: response.status, get: (name: string) => response.headers.get(name) };
    const proof = answerChallenge(challenged, request, { username: user, password: new Secret(password) });
    return proof ? once(build(2, [[proof.name, proof.value]])) : first;
  };
}
