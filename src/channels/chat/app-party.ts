import type { Conversation, Party } from '../../desk/conversations/index.js';

/** As whom an app's customer takes part. Nobody sees by a socket whether he is there. */
const PREFIX = 'visitor:app_';
export const appParty = (customer: string): Party => `${PREFIX}${customer}`;
/** The one who takes part in it through an app. */
export const appPartyIn = ({ parties }: Pick<Conversation, 'parties'>): Party | undefined => parties.find((p) => p.leftAt === null && p.party.startsWith(PREFIX))?.party;
/** As whom what an app's customer has looked at is kept. */
export const appVisitor = (customer: string): string => appParty(customer).slice('visitor:'.length);
