export { createCustomers, type Customers, type CustomersRoomOptions } from './customers.js';
export {
  AttributeRefused, BadIdentity, BadSearch, CustomerChanged, IdentityTaken, NoSuchCustomer, NoSuchIdentity, NoSuchNote, NoSuchSuggestion, NotMerged, SameCustomer,
} from './errors.js';
export { compileRules, RULE_NAMES, type Days, type Expressions, type RuleFault } from './rules.js';
export { customersFile, type AttributeForm, type CustomersForm } from './settings.js';
export type { Told } from './timeline.js';
export type {
  ActivityView, AttributeValue, AttributeView, By, ConsentOrder, ConsentView, CustomerId, CustomerView, Fields, Hints, IdentityKind, IdentityView, Known, MergeView, NewCustomer, NewIdentity, NoteView, Page, Query,
  Resolved, SuggestionView, TagView, TimelineRow, Verified, VerifyOrder, Within,
} from './types.js';
