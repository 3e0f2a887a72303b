export { createDesktops, type Desktop, type Desktops, type DesktopsOptions } from './desktops.js';
export { NoSuchOffer, OfferOver } from './errors.js';
export { createTextOffers, type OfferState, type OfferView, type TextChannel, type TextOffers } from './offers.js';
export { createReachability, type Reachability } from './reachability.js';
