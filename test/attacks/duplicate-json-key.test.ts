// A claim with a member twice: this reader would believe one of them, and a runtime perhaps the other.
import { refuses } from './refused.ts';

refuses('a claim that says two things', [
  ['critical twice', 'claim-critical-duplicate', 422, 'CLAIM_INVALID'],
  ['critical twice, once with an escaped letter', 'claim-critical-duplicate-escaped', 422, 'CLAIM_INVALID'],
  ['two digests', 'claim-digest-duplicate', 422, 'CLAIM_INVALID'],
  ['two references', 'claim-reference-duplicate', 422, 'CLAIM_INVALID'],
  ['two types', 'claim-type-duplicate', 422, 'CLAIM_INVALID'],
  ['optional twice', 'claim-optional-duplicate', 422, 'CLAIM_INVALID'],
  ['a member of optional twice', 'claim-optional-extra-duplicate', 422, 'CLAIM_INVALID'],
  ['a member twice far inside optional', 'claim-optional-nested-duplicate', 422, 'CLAIM_INVALID'],
]);
