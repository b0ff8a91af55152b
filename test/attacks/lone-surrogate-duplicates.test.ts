// Two names that differ here, as lone surrogates, and are one name, U+FFFD, to the reader of the runtimes.
import { refuses } from './refused.ts';

refuses('a claim with strings that are not Unicode', [
  ['two lone surrogates as names', 'claim-lone-surrogate-names', 422, 'CLAIM_INVALID'],
  ['a lone surrogate as a value', 'claim-lone-surrogate', 422, 'CLAIM_INVALID'],
  ['bytes that are not UTF-8', 'claim-invalid-utf-8', 422, 'CLAIM_INVALID'],
  ['names of bytes that are not UTF-8', 'claim-invalid-utf-8-names', 422, 'CLAIM_INVALID'],
]);
