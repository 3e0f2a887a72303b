import { StoreError, type Store, type UserTable } from '../store/index.js';
import type { Events } from '../events/index.js';
import type { Audit } from './audit/audit.js';
import { entryBy, type By } from './by.js';
import { AccessRefused } from './errors.js';
import type { Seal } from './seal.js';
import { newRecoveryCodes, newTotpSecret, recoveryHash, stepOf, totpUri } from './totp.js';

/** Codes from a telephone beside the password. */
export interface SecondFactor {
  /** A new secret, not asked for until it is confirmed. @throws AccessRefused access.totp_on */
  begin(user: UserTable, by: By): { readonly uri: string; readonly secret: string };
  /** From now on it is asked for. The recovery codes are in this answer and nowhere else. @throws AccessRefused */
  confirm(user: UserTable, code: string, by: By): readonly string[];
  /** @throws AccessRefused access.totp_off */
  remove(user: UserTable, by: By): void;
  /** Whether the code is right; it is used up then. A recovery code does as well. */
  use(user: UserTable, code: string): 'totp' | 'recovery' | undefined;
}
export interface SecondFactorOptions {
  readonly store: Store;
  readonly events: Events;
  readonly audit: Audit;
  readonly seal: Seal;
  readonly now: () => number;
}

export function createSecondFactor({ store, events, audit, seal, now }: SecondFactorOptions): SecondFactor {
  const { db } = store;
  const set = (user: string, what: Partial<UserTable>): void => void store.change(db.updateTable('users').set({ ...what, updated_at: Math.round(now()) }).where('id', '=', user));
  const commit = (user: UserTable, by: By, action: string, work: () => void): void => {
    const written = events.publishAll([{ type: 'user.changed', subject: `user:${user.id}`, data: { user: user.id, by: by.principal.id } }], () => {
      work();
      audit.append(entryBy(by, action, user.id));
    });
    if (!written) throw new StoreError('store.full', 'the change could not be written', { hint: 'see /healthz' });
  };
  return {
    begin(user, by) {
      if (user.totp_at !== null) throw new AccessRefused('access.totp_on', 'there is a second factor already', 'remove it first');
      const secret = newTotpSecret();
      commit(user, by, 'second_factor.begin', () => set(user.id, { totp: seal.seal(secret), totp_step: null }));
      return { secret, uri: totpUri(secret, user.login) };
    },
    confirm(user, code, by) {
      if (user.totp_at !== null) throw new AccessRefused('access.totp_on', 'there is a second factor already', 'remove it first');
      if (user.totp === null) throw new AccessRefused('access.totp_not_begun', 'there is no secret to confirm', 'POST /v1/me/second-factor makes one');
      const step = stepOf(seal.open(user.totp), code, now(), null);
      if (step === undefined) throw new AccessRefused('access.wrong_code', 'this code is not right', 'check the clock of the phone; a code lives 30 s');
      const codes = newRecoveryCodes();
      commit(user, by, 'second_factor.confirm', () => set(user.id, { totp_at: Math.round(now()), totp_step: step, recovery: JSON.stringify(codes.map(recoveryHash)), version: user.version + 1 }));
      return codes;
    },
    remove(user, by) {
      if (user.totp_at === null) throw new AccessRefused('access.totp_off', 'there is no second factor');
      commit(user, by, 'second_factor.remove', () => set(user.id, { totp: null, totp_at: null, totp_step: null, recovery: '[]', version: user.version + 1 }));
    },
    use(user, code) {
      if (user.totp === null || user.totp_at === null) return undefined;
      return store.transaction(() => {
        const [fresh] = store.run(db.selectFrom('users').selectAll().where('id', '=', user.id));
        if (fresh?.totp == null) return undefined;
        const step = stepOf(seal.open(fresh.totp), code, now(), fresh.totp_step);
        if (step !== undefined) {
          set(user.id, { totp_step: step });
          return 'totp';
        }
        const [left, used] = [JSON.parse(fresh.recovery) as string[], recoveryHash(code)];
        if (!left.includes(used)) return undefined;
        set(user.id, { recovery: JSON.stringify(left.filter((hash) => hash !== used)) });
        return 'recovery';
      });
    },
  };
}
