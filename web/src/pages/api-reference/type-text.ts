// What a schema allows, in a few words: “string or null”, “list of Signature”.
import { nameOf, type Schema } from './document.ts';

export function typeText(schema: Schema): string {
  const name = nameOf(schema);
  if (name !== null) return name;
  const choices = choicesOf(schema);
  if (choices.length > 0) return [...new Set(choices.map(typeText))].join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.length <= SHOWN ? schema.enum.map(valueText).join(' | ') : 'string';
  if (schema.type === 'array') return schema.items === undefined ? 'list' : `list of ${typeText(schema.items)}`;
  if (schema.format === 'date-time') return 'time';
  if (typeof schema.additionalProperties === 'object') return `object of ${typeText(schema.additionalProperties)}`;
  return schema.type === undefined ? 'anything' : [schema.type].flat().join(' or ');
}

const SHOWN = 8;

const valueText = (value: unknown) => JSON.stringify(value);

export const choicesOf = ({ anyOf, oneOf }: Schema): readonly Schema[] => anyOf ?? oneOf ?? [];

/** What limits it beyond its type. */
export function limitText({ minLength, maxLength, minItems, maxItems, default: preset }: Schema): string {
  return [
    // One is the least of everything that must not be empty.
    minLength !== undefined && minLength > 1 ? `at least ${minLength} characters` : null,
    maxLength === undefined ? null : `up to ${maxLength.toLocaleString('en')} characters`,
    minItems === undefined ? null : `at least ${minItems}`,
    maxItems === undefined ? null : `up to ${maxItems.toLocaleString('en')}`,
    preset === undefined ? null : `${valueText(preset)} when left out`,
  ]
    .filter((text) => text !== null)
    .join(', ');
}

/** The schemas behind it that have something to unfold: members, choices, long lists of values. */
export function partsOf(schema: Schema): readonly Schema[] {
  if (nameOf(schema) !== null) return [schema];
  const choices = choicesOf(schema);
  if (choices.length > 0) return choices.flatMap(partsOf);
  if (schema.type === 'array' && schema.items !== undefined) return partsOf(schema.items);
  if (schema.enum !== undefined) return schema.enum.length > SHOWN ? [schema] : [];
  if (schema.properties !== undefined) return [schema];
  return typeof schema.additionalProperties === 'object' ? partsOf(schema.additionalProperties) : [];
}
