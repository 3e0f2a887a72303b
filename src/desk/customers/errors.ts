import { StrowgerError } from '../../base/index.js';

export class NoSuchCustomer extends StrowgerError {
  readonly code = 'customers.no_such_customer';
  constructor(id: string) {
    super(`there is no customer "${id}"`, { hint: 'GET /v1/customers?q= finds them' });
  }
}
export class IdentityTaken extends StrowgerError {
  readonly code = 'customers.identity_taken';
  constructor(kind: string, readonly customer: string) {
    super(`this ${kind} is that of another customer`, { hint: `merge the two if they are one: POST /v1/customers/ID/merge {"customer": "${customer}"}` });
  }
}
export class BadIdentity extends StrowgerError {
  readonly code = 'customers.bad_identity';
}
export class NoSuchIdentity extends StrowgerError {
  readonly code = 'customers.no_such_identity';
  constructor(kind: string) {
    super(`this customer has no such ${kind}`, { hint: 'GET /v1/customers/ID lists the identities' });
  }
}
export class AttributeRefused extends StrowgerError {
  readonly code = 'customers.attribute_refused';
}
export class CustomerChanged extends StrowgerError {
  readonly code = 'customers.changed';
  constructor(id: string) {
    super(`customer "${id}" has changed meanwhile`, { hint: 'GET it again and send the new ETag as If-Match' });
  }
}
export class SameCustomer extends StrowgerError {
  readonly code = 'customers.same_customer';
  constructor() {
    super('these are one customer already', { hint: 'GET /v1/customers/ID shows in `merged` who counts as it' });
  }
}
export class NotMerged extends StrowgerError {
  readonly code = 'customers.not_merged';
  constructor(id: string) {
    super(`customer "${id}" is not merged into another`, { hint: 'GET /v1/customers/ID/merges lists what can be undone' });
  }
}
export class NoSuchNote extends StrowgerError {
  readonly code = 'customers.no_such_note';
  constructor(id: string) {
    super(`this customer has no note "${id}"`, { hint: 'GET /v1/customers/ID/notes lists them' });
  }
}
export class NoSuchSuggestion extends StrowgerError {
  readonly code = 'customers.no_such_suggestion';
  constructor(id: string) {
    super(`there is no open suggestion "${id}"`, { hint: 'GET /v1/customers/suggestions lists them' });
  }
}
export class BadSearch extends StrowgerError {
  readonly code = 'customers.bad_search';
}
