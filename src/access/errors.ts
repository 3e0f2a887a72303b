import { StrowgerError } from '../base/index.js';

/** What somebody asked of users, roles and keys cannot be. */
export class AccessRefused extends StrowgerError {
  constructor(readonly code: AccessCode, message: string, hint?: string) {
    super(message, hint === undefined ? {} : { hint });
  }
}
export type AccessCode =
  | 'access.no_such_user' | 'access.no_such_team' | 'access.no_such_role' | 'access.no_such_key' | 'access.no_such_session'
  | 'access.login_taken' | 'access.name_taken' | 'access.agent_taken' | 'access.extension_taken' | 'access.role_in_use' | 'access.team_in_use' | 'access.built_in' | 'access.stale'
  | 'access.beyond_own_rights' | 'access.out_of_reach' | 'access.weak_password' | 'access.bad_expiry' | 'access.not_a_person'
  | 'access.totp_on' | 'access.totp_off' | 'access.totp_not_begun' | 'access.wrong_code' | 'access.wrong_password'
  | 'access.busy'
  | 'access.no_such_provider' | 'access.provider_unreachable' | 'access.provider_refused' | 'access.not_let_in';
