// What was signed: the claim as runtimes read it, and the text itself.
import { Content, Stack, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useState } from 'react';
import type { SignatureDetail } from '../../api/schema.ts';
import { CodeLines } from '../../parts/code.tsx';
import { Digest } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { formatUtc } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { indentJson } from './indent-json.ts';

export function Claim({ signature: { claim, payload } }: { signature: SignatureDetail }) {
  const { dockerReference, dockerManifestDigest, creator, timestamp, otherOptional } = claim;
  return (
    <SectionCard title="Claim">
      <Stack hasGutter>
        <Facts
          facts={[
            { term: 'docker-reference', value: <UserText>{dockerReference}</UserText> },
            { term: 'docker-manifest-digest', value: <Digest value={dockerManifestDigest} isFull /> },
            creator !== null && { term: 'creator', value: <UserText>{creator}</UserText> },
            timestamp !== null && { term: 'timestamp', value: formatTimestamp(timestamp) },
            otherOptional.length > 0 && {
              term: 'Other members',
              value: <UserText>{otherOptional.join(', ')}</UserText>,
            },
          ]}
        />
        <Payload text={payload} />
      </Stack>
    </SectionCard>
  );
}

/** The signer's word, which may be beyond every calendar. */
function formatTimestamp(seconds: number): string {
  const ms = seconds * 1000;
  return Math.abs(ms) <= 8.64e15 ? `${seconds} (${formatUtc(ms, 'second')})` : String(seconds);
}

function Payload({ text }: { text: string }) {
  const [isRaw, setRaw] = useState(false);
  return (
    <>
      <Content component="h3">Payload</Content>
      <ToggleGroup aria-label="How the payload is shown">
        <ToggleGroupItem text="Indented" isSelected={!isRaw} onChange={() => setRaw(false)} />
        <ToggleGroupItem text="As signed" isSelected={isRaw} onChange={() => setRaw(true)} />
      </ToggleGroup>
      <ScrollBox label="The payload">
        <CodeLines what="the payload">{isRaw ? text : indentJson(text)}</CodeLines>
      </ScrollBox>
    </>
  );
}
