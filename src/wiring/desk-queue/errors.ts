import { StrowgerError } from '../../base/index.js';

export class NoSuchOffer extends StrowgerError {
  readonly code = 'offers.no_such_offer';
  constructor(offer: string) {
    super(`there is no offer "${offer}"`, { hint: 'GET /v1/offers lists those that are live' });
  }
}
/** The offer came to another end first. */
export class OfferOver extends StrowgerError {
  readonly code = 'offers.over';
  /** @param state how it ended: `accepted`, `timed_out`, `contact_left`, … */
  constructor(offer: string, readonly state: string) {
    super(`offer ${offer} is over: ${state}`, { hint: 'the contact is not yours; the next offer comes by itself' });
  }
}
