// What the bytes consist of, for those who compare with gpg --list-packets.
import { Content } from '@patternfly/react-core';
import type { SignatureDetail } from '../../api/schema.ts';
import { InlineCode } from '../../parts/code.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { formatGroups } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { SectionCard } from '../../parts/section-card.tsx';

type Packet = SignatureDetail['packets']['list'][number];
type NumberedPacket = Packet & { readonly at: number };

/** Numbers of RFC 4880 and RFC 9580 that GnuPG and the runtimes verify. */
const KEY_ALGORITHMS: Record<number, string> = {
  1: 'RSA',
  3: 'RSA',
  17: 'DSA',
  19: 'ECDSA',
  22: 'EdDSA',
  27: 'Ed25519',
};
const HASHES: Record<number, string> = { 2: 'SHA-1', 8: 'SHA-256', 9: 'SHA-384', 10: 'SHA-512', 11: 'SHA-224' };
const TYPES: Record<number, string> = { 0: 'of binary content', 1: 'of text' };

const named = (names: Record<number, string>, number: number) =>
  names[number] === undefined ? `number ${number}` : `${names[number]} (${number})`;

const COLUMNS: readonly Column<NumberedPacket>[] = [
  { title: 'Packet', cell: ({ name }) => name },
  { title: 'Tag', cell: ({ tag }) => tag },
  { title: 'Bytes', cell: ({ bytes }) => bytes.toLocaleString('en') },
];

export function Packets({ signature: { packets, bytes, sha256 } }: { signature: SignatureDetail }) {
  const { keyId, keyAlgorithm, hashAlgorithm, signatureType, list } = packets;
  return (
    <SectionCard title="Bytes">
      <Facts
        facts={[
          { term: 'Size', value: `${bytes.toLocaleString('en')} bytes` },
          { term: 'SHA-256', value: <InlineCode what="the SHA-256 of the bytes">{sha256}</InlineCode> },
          { term: 'Key id', value: <code>{formatGroups(keyId)}</code> },
          { term: 'Key algorithm', value: named(KEY_ALGORITHMS, keyAlgorithm) },
          { term: 'Hash', value: named(HASHES, hashAlgorithm) },
          { term: 'Signature', value: named(TYPES, signatureType) },
        ]}
      />
      <Content component="h3">Packets</Content>
      <DataTable
        label="OpenPGP packets"
        columns={COLUMNS}
        rows={list.map((packet, at) => ({ ...packet, at }))}
        rowKey={({ at }) => at}
      />
    </SectionCard>
  );
}
